package twee

import (
	"testing"

	"qibu/roleplay/draft"
	"qibu/roleplay/script"
)

// Whatever is imported can be read, or there is an error.
func FuzzImport(f *testing.F) {
	for _, seed := range []string{
		":: Start [a] {\"position\":\"1,2\"}\n客户：好\n[[a->b][$x to 1]] [[c<-d]] [[e|f]] [[g]]\n:: b\n<<if $x gt 0>>y<<elseif visited(\"b\")>>z<<else>>w<</if>>\n<<goto \"Start\">>",
		":: StoryData\n{\"format\":\"Harlowe\",\"start\":\"b\"}\n:: b\n(set: $x to 1)(if: $x is 1)[a [[c]]](else:)[b](link-goto: \"x\", \"b\")",
		":: StoryInit\n<<set $m1 to 35>> /* 情绪 */\n:: 返回 [return]\n:: a\n[[x->b][$back.push(\"c\"), $m1 to Math.clamp($m1 - 10, 0, 100)]]\n[[资料：d->d]]\n:: b [call]\n[[继续->返回]]\n:: c [ending]\n!完\n好\n:: d [document]\n纸",
		":: a\n[[x->r][$o1 to true]]\n<<if not $o1>>[[y->a]]<</if>>\n<<if not (not $o1)>>[[继续->a]]<</if>>\n:: r [reply]\n答\n[[继续->a]]\n:: n [notes]\n\"\"\"\n标题: 甲\n角色: 客户=乙\n仪表: 情绪=5\n维度: D2\n及格: 总分>=1\n\"\"\"",
		":: StoryData\n{\"format\":\"Chapbook\"}\n:: a\nx: 1\n--\n[if x]\n> [[b]] {c}",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		d, err := Import("fuzz.md", "故事", src)
		if err != nil {
			return
		}
		if len(d.Source) > script.MaxBytes || len(d.Notes) > 201 {
			t.Fatalf("%d bytes, %d notes of %d", len(d.Source), len(d.Notes), len(src))
		}
		s, problems := script.Parse("fuzz.md", d.Source)
		if s == nil {
			t.Fatalf("%v\n%s", problems, d.Source)
		}
		_ = draft.Write(s.Scenario)
		_ = Export(s.Scenario)
	})
}
