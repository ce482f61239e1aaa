package explore

import (
	"fmt"
	"strings"

	"qibu/roleplay"
)

// written writes a condition the way it stands in a 剧本.
func (x *linter) written(c *roleplay.Condition) string {
	sc := x.sc
	switch c.Op {
	case "and":
		return x.joined(c, "且")
	case "or":
		return x.joined(c, "或")
	case "not":
		return "非 " + x.enclosed(&c.Of[0])
	case "opened":
		return "已看(" + sc.Documents[c.Index].Name + ")"
	case "left":
		return "去过(" + sc.Scenes[c.Index].Name + ")"
	case "chosen":
		if o := x.options[c.Index]; !x.isSilence(o) {
			return "选过(" + x.ref(o) + ")"
		}
		return "沉默过(" + x.sceneName(x.sceneOf[c.Index]) + ")"
	case "==":
		return fmt.Sprintf("%s=%d", sc.Meters[c.Index].Name, c.Value)
	}
	return fmt.Sprintf("%s%s%d", sc.Meters[c.Index].Name, c.Op, c.Value)
}

func (x *linter) joined(c *roleplay.Condition, word string) string {
	var parts []string
	for i := range c.Of {
		parts = append(parts, x.enclosed(&c.Of[i]))
	}
	return strings.Join(parts, " "+word+" ")
}

func (x *linter) enclosed(c *roleplay.Condition) string {
	if c.Op == "and" || c.Op == "or" {
		return "(" + x.written(c) + ")"
	}
	return x.written(c)
}
