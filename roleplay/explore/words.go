package explore

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The words by which somebody may guess who does not look at the situation.
var (
	polite   = []string{"您好", "请", "谢谢", "感谢", "抱歉", "对不起", "不好意思", "麻烦您", "劳驾", "辛苦您", "打扰", "祝您"}
	hedging  = []string{"可能", "大概", "也许", "或许", "一般", "尽量", "差不多", "应该", "估计", "看情况", "再说", "不一定", "不好说", "说不准", "回头", "试试"}
	agreeing = []string{"好的", "好，", "可以", "没问题", "行，", "您说得对", "您说的对", "都听您的", "按您说的", "就这么办", "马上", "放心", "当然"}
	absolute = []string{"绝对", "肯定", "一定", "必须", "永远", "从来", "百分之百", "百分百", "保证", "任何", "所有", "全部", "一律", "完全", "不可能"}
)

// count is how often the words occur in a text. 不一定 is no 一定.
func count(text string, words []string) (n int) {
	text = strings.ReplaceAll(text, "不一定", "")
	for _, w := range words {
		n += strings.Count(text, w)
	}
	return n
}

// number is a number somebody could be held to: digits, or a Chinese numeral
// with what it counts. 一 counts nothing: 一下, 一起, 一定.
var number = regexp.MustCompile(`[0-9０-９]|[二两三四五六七八九十百千半几]+(个|点|分钟|小时|天|块|元|万|公里|次|折|成|周|星期|号|月|年|台|遍|条|样|项)|(周|星期)[一二三四五六日天]`)

// atMost is how many letters of a text are compared with another's.
const atMost = 300

// opening are the first letters of a text, enough to compare.
func opening(text string) []rune {
	all := letters(text)
	return all[:min(atMost, len(all))]
}

// letters are the runes of a text that are read: no spaces, no punctuation.
func letters(text string) (all []rune) {
	for _, r := range text {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			all = append(all, r)
		}
	}
	return all
}

// shared is the length of the longest run of letters that two texts share.
func shared(a, b []rune) (longest int) {
	row := make([]int, len(b)+1)
	for i := range a {
		for k := len(b) - 1; k >= 0; k-- {
			if row[k+1] = 0; a[i] == b[k] {
				row[k+1] = row[k] + 1
				longest = max(longest, row[k+1])
			}
		}
	}
	return longest
}

// closed reports whether a sentence ends with its mark.
func closed(text string) bool {
	last, _ := utf8.DecodeLastRuneInString(strings.TrimRight(text, " ”』」\""))
	return strings.ContainsRune("。.！!；;…？?", last)
}
