package quiz

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"qibu/quiz/sheet"
)

// What an attribute may be at most.
const (
	mostPoints = 10
	readPoints = 100 // questions of others may be worth so much; they cannot be asked like that
	mostWords  = 5000
)

// The kinds of question in a file, and what a case is written as.
var kinds = []string{
	sheet.Single, sheet.Multiple, sheet.TrueFalse, sheet.Order, sheet.Match,
	sheet.Fill, sheet.Numeric, sheet.Hot, sheet.Text,
}

const caseKind = "case"

// attributes are the names that may stand in the braces behind a heading.
var attributes = []string{
	"topic", "difficulty", "points", "type", "words",
	"critical", "pilot", "void", "fixed", "exact", "by-value",
}

var topicText = regexp.MustCompile(`^D[1-8]$`)

// attribute reads one of the words in the braces behind a heading.
func (q *question) attribute(a string) {
	d := &q.draft
	key, value, valued := strings.Cut(a, "=")
	flag := map[string]*bool{
		"critical": &d.Critical, "pilot": &d.Pilot, "void": &d.Void,
		"fixed": &d.Fixed, "exact": &d.Exact, "by-value": &d.ByValue,
	}[key]
	switch {
	case strings.HasPrefix(a, "#"):
		d.ID = a[1:]
	case flag != nil && !valued:
		*flag = true
	case key == "topic" && topicText.MatchString(value):
		d.Topic = value
	case key == "topic":
		q.errorf(d.Line, "topic 应是 D1 到 D8，现在是“%s”", clip(value))
	case key == "difficulty":
		d.Difficulty = q.number(key, value, 3)
	case key == "points":
		d.Points = q.number(key, value, readPoints)
	case key == "words":
		d.Most = q.number(key, value, mostWords)
	case key == "type":
		q.kind(value)
	default:
		q.errorf(d.Line, "不认识的属性“%s”%s；可用：#题号 %s", clip(a), perhaps(key, attributes), strings.Join(attributes, " "))
	}
}

func (q *question) kind(value string) {
	switch {
	case slices.Contains(kinds, value):
		q.draft.Kind = value
	case value == caseKind:
		q.errorf(q.draft.Line, "情境里不能再有情境；这里写成一道题，或者用“## ”另起一个情境")
	default:
		q.errorf(q.draft.Line, "没有题型“%s”%s；可用的题型：%s", clip(value), perhaps(value, kinds), strings.Join(append(kinds, caseKind), "、"))
	}
}

// number reads an attribute's value between 1 and most.
func (q *question) number(key, value string, most int) int {
	n, err := strconv.Atoi(value)
	if err != nil || n < 1 || n > most {
		q.errorf(q.draft.Line, "%s 应是 1 到 %d 的整数，现在是“%s”", key, most, clip(value))
		return 1
	}
	return n
}

// clip shortens what is quoted to an author.
func clip(text string) string {
	const most = 24
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most]) + "……"
}

// perhaps says which of the names a wrong one was probably meant to be.
func perhaps(wrong string, names []string) string {
	best, least := "", 3 // three slips make another word
	for _, name := range names {
		if n := slips(wrong, name, least); n < least {
			best, least = name, n
		}
	}
	if best == "" {
		return ""
	}
	return "，是不是 " + best
}

// slips is how many letters have to be put in, left out or changed to make b of
// a (Levenshtein distance), or limit when it is no less.
func slips(a, b string, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit {
		return limit
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		left := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := left
			if a[i] != b[j] {
				cost = 1 + min(left, row[j], row[j+1])
			}
			left, row[j+1] = row[j+1], cost
		}
	}
	return min(row[len(b)], limit)
}
