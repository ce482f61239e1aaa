package script

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// suggest ends a message with the nearest of the known names, if one is near:
// "，是否指「对账」？" Half of its runes may differ, and a rune that is easily
// mistaken for another differs by half.
func suggest(name string, known []string) string {
	written := []rune(name)
	if len(written) > maxName {
		return ""
	}
	best, nearest := len(written)+1, ""
	for _, k := range known {
		if len(k) > utf8.UTFMax*maxName {
			continue // not a good name either
		}
		if d := distance(written, []rune(k)); d < best {
			best, nearest = d, k
		}
	}
	if nearest == "" {
		return ""
	}
	return fmt.Sprintf("，是否指「%s」？", nearest)
}

// alike are characters that sound or look the same to somebody typing.
var alike = strings.Fields(`账帐 做作 的地得 再在 己已以 象像 他她它 哪那 订定 度渡 付负副 候后 练炼
	须需 制治 检捡 绩积 划画 坐座 既即 带戴 份分 至致 保报 价介 交缴 口囗 未末 燥躁 单但 见件 问闻 情清请 话画`)

// distance is what it takes to turn a into b: two for every rune to insert,
// delete or replace, one to replace a rune by one that is alike.
func distance(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = 2 * j
	}
	for i := range a {
		diagonal := row[0]
		row[0] = 2 * (i + 1)
		for j := range b {
			replaced := diagonal + difference(a[i], b[j])
			diagonal = row[j+1]
			row[j+1] = min(replaced, row[j]+2, row[j+1]+2)
		}
	}
	return row[len(b)]
}

func difference(a, b rune) int {
	if a == b {
		return 0
	}
	for _, set := range alike {
		if strings.ContainsRune(set, a) && strings.ContainsRune(set, b) {
			return 1
		}
	}
	return 2
}
