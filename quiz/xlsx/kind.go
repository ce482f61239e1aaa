package xlsx

import (
	"slices"
	"strings"

	"qibu/quiz"
	"qibu/quiz/sheet"
)

// kinds are the kinds a row can be, and what they are called in the sheet.
var kinds = []struct {
	kind, name string
	aliases    []string
}{
	{sheet.Single, "单选", []string{"单项选择", "选择"}},
	{sheet.Multiple, "多选", []string{"多项选择", "不定项", "不定项选择"}},
	{sheet.TrueFalse, "判断", []string{"是非", "对错"}},
	{sheet.Order, "排序", []string{"顺序"}},
	{sheet.Match, "配对", []string{"连线", "匹配"}},
	{sheet.Fill, "填空", nil},
	{sheet.Numeric, "数值", []string{"数字", "计算"}},
	{sheet.Text, "问答", []string{"简答", "论述", "主观"}},
}

// kindName is what a kind is called in the sheet; empty when no row can be one.
func kindName(kind string) string {
	for _, k := range kinds {
		if k.kind == kind {
			return k.name
		}
	}
	return ""
}

func kindNames() (names []string) {
	for _, k := range kinds {
		names = append(names, k.name)
	}
	return names
}

// kindOf finds the kind that a cell names: 单选, 单选题, 单项选择题.
func kindOf(cell string) (string, bool) {
	name := strings.TrimSuffix(label(cell), "题")
	for _, k := range kinds {
		if name == k.name || slices.Contains(k.aliases, name) {
			return k.kind, true
		}
	}
	return "", false
}

// guessKind tells what a row without a kind is.
func guessKind(d *quiz.Draft, options int, answer string) string {
	letters, ok := letterList(answer, options)
	_, truth := truthOf(answer)
	switch {
	case options > 1 && ok && len(letters) == 1:
		return sheet.Single
	case options > 1 && ok && len(letters) > 1:
		return sheet.Multiple
	case options == 0 && truth:
		return sheet.TrueFalse
	case options == 0 && blankCount(d.Stem) > 0:
		return sheet.Fill
	}
	return ""
}

// affirm and deny are the options of a true-false question.
const affirm, deny = "对", "错"

// truthOf reads the answer to a true-false question.
func truthOf(cell string) (right, ok bool) {
	switch strings.ToUpper(label(cell)) {
	case affirm, "正确", "是", "√", "✓", "T", "TRUE", "Y", "YES", "A":
		return true, true
	case deny, "错误", "不正确", "否", "×", "✗", "X", "F", "FALSE", "N", "NO", "B":
		return false, true
	}
	return false, false
}
