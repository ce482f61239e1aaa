package xlsx

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/width"

	"qibu/quiz"
	"qibu/quiz/sheet"
)

var (
	creditPart = regexp.MustCompile(`^([A-Z])=(-?\d{1,3})%?$`)
	whyLine    = regexp.MustCompile(`^\s*([A-Z]|对|错)\s*[:：.、]\s*(\S.*)$`)
)

// letterList reads "BD", "B、D" or "b, d" as places among n options.
func letterList(answer string, n int) (list []int, ok bool) {
	for _, r := range strings.ToUpper(width.Fold.String(answer)) {
		if strings.ContainsRune(" ,、;；/|.。\n", r) {
			continue
		}
		i := int(r - 'A')
		if i < 0 || i >= n || slices.Contains(list, i) {
			return nil, false
		}
		list = append(list, i)
	}
	return list, len(list) > 0
}

// settleOptions reads single, multiple and order questions.
func (r *row) settleOptions() string {
	d := &r.draft
	if len(r.options) < 2 {
		return "至少要有两个选项：写在 A、B、C 各列"
	}
	for _, text := range r.options {
		d.Options = append(d.Options, quiz.Option{Text: text})
	}
	r.reasons(func(key string) *quiz.Option {
		if i := int(key[0]) - 'A'; len(key) == 1 && i < len(d.Options) {
			return &d.Options[i]
		}
		return nil
	})
	if d.Kind == sheet.Order {
		return r.arrange()
	}
	if strings.ContainsAny(r.answer, "=＝") {
		return r.credit()
	}
	right, ok := letterList(r.answer, len(d.Options))
	switch {
	case r.answer == "":
		return "没有写答案"
	case !ok:
		return fmt.Sprintf("答案“%s”不是选项的字母", oneLine(r.answer))
	case d.Kind == sheet.Single && len(right) > 1:
		return fmt.Sprintf("单选题只能有一个答案，写的是“%s”", oneLine(r.answer))
	}
	for _, i := range right {
		d.Options[i].Right = true
	}
	return ""
}

// credit reads "A=100% B=50% C=-25%".
func (r *row) credit() string {
	for _, part := range listMark.Split(strings.ToUpper(width.Fold.String(r.answer)), -1) {
		m := creditPart.FindStringSubmatch(part)
		if m == nil || int(m[1][0]-'A') >= len(r.draft.Options) {
			return fmt.Sprintf("答案“%s”读不懂；部分分写成 A=100%% B=50%% C=-25%%", oneLine(r.answer))
		}
		percent, _ := strconv.Atoi(m[2]) // the pattern has digits there
		if percent < -100 || percent > 100 {
			return fmt.Sprintf("答案“%s”里的分数要在 -100%% 到 100%% 之间", oneLine(r.answer))
		}
		o := &r.draft.Options[m[1][0]-'A']
		o.Credit = percent
		o.Right = percent == 100 || r.draft.Kind == sheet.Multiple && percent > 0
	}
	return ""
}

// arrange puts the steps into the order that the answer gives.
func (r *row) arrange() string {
	d := &r.draft
	if r.answer == "" {
		return ""
	}
	order, ok := letterList(strings.NewReplacer("-", "", "→", "", ">", "").Replace(r.answer), len(d.Options))
	if !ok || len(order) != len(d.Options) {
		return fmt.Sprintf("答案“%s”不是全部选项的顺序，例如 CABD", oneLine(r.answer))
	}
	arranged := make([]quiz.Option, len(order))
	for i, o := range order {
		arranged[i] = d.Options[o]
	}
	d.Options = arranged
	return ""
}

// settleTruth reads true-false questions, whose options need not be written.
func (r *row) settleTruth() string {
	answer := r.answer
	if i, ok := letterList(answer, len(r.options)); ok && len(i) == 1 {
		answer = r.options[i[0]]
	}
	right, ok := truthOf(answer)
	if !ok {
		return fmt.Sprintf("判断题的答案写对或错，写的是“%s”", oneLine(r.answer))
	}
	d := &r.draft
	d.Options = []quiz.Option{{Text: affirm, Right: right}, {Text: deny, Right: !right}}
	r.reasons(func(key string) *quiz.Option {
		switch key {
		case affirm, "A":
			return &d.Options[0]
		case deny, "B":
			return &d.Options[1]
		}
		return nil
	})
	return ""
}

// reasons reads "A：…" line by line; a line without a letter goes on with the one before.
func (r *row) reasons(option func(key string) *quiz.Option) {
	var last *quiz.Option
	for text := range strings.Lines(r.why) {
		text = oneLine(text)
		if m := whyLine.FindStringSubmatch(text); m != nil {
			if o := option(m[1]); o != nil {
				o.Why, last = m[2], o
				continue
			}
		}
		switch {
		case text == "":
		case last == nil:
			r.note("“各选项理由”里的“%s”不知道说的是哪个选项；写成“A：……”", text)
		default:
			last.Why += " " + text
		}
	}
}

// settlePairs reads match questions, "左边 → 右边" in each option.
func (r *row) settlePairs() string {
	r.unused(r.why, whyColumn)
	r.unused(r.answer, answerColumn)
	for i, cell := range r.options {
		left, right, ok := cutPair(cell)
		if !ok || right == "" {
			return fmt.Sprintf("配对题的 %s 写成“左边 → 右边”，写的是“%s”", letterOf(i), cell)
		}
		r.draft.Pairs = append(r.draft.Pairs, quiz.Pair{Left: left, Right: right})
	}
	if len(r.draft.Pairs) < 2 {
		return "配对题至少要有两对：写在 A、B、C 各列，“左边 → 右边”"
	}
	return ""
}

// cutPair cuts at the first arrow that no backslash hides.
func cutPair(cell string) (left, right string, ok bool) {
	if !strings.Contains(cell, "→") {
		cell = strings.NewReplacer("->", "→", "=>", "→", "—>", "→").Replace(cell)
	}
	var b strings.Builder
	for rest := cell; rest != ""; {
		switch {
		case strings.HasPrefix(rest, `\→`), strings.HasPrefix(rest, `\\`):
			_, size := rest[0], len(`\\`)
			if strings.HasPrefix(rest, `\→`) {
				size = len(`\→`)
			}
			b.WriteString(rest[1:size])
			rest = rest[size:]
		case strings.HasPrefix(rest, "→"):
			return strings.TrimSpace(b.String()), strings.TrimSpace(rest[len("→"):]), true
		default:
			b.WriteByte(rest[0])
			rest = rest[1:]
		}
	}
	return "", "", false
}

func writePair(p quiz.Pair) string {
	left := strings.NewReplacer(`\`, `\\`, "→", `\→`).Replace(oneLine(p.Left))
	return strings.TrimSpace(left + " → " + oneLine(p.Right))
}
