package quiz

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"qibu/quiz/sheet"
)

// What a bank has to reach before it may be published.
const (
	leastQuestions = 12  // fewer, and a second try is the first one again
	mostMinutes    = 240 // nobody sits longer
	leastForms     = 2
	mostForms      = 8
)

// From when on a bank gives its answers away.
const (
	longestShare = 40 // percent of single questions whose right option may be the longest
	placeShare   = 60 // percent of single questions whose right option may stand in one place
	leastSingles = 5  // fewer single questions show no pattern
	tooLong      = 50 // percent that a right option may be longer than every other
)

// Lint judges what Read has read: everything that forbids publishing, that is
// worth mending, and that is worth a second look, question by question and then
// of the bank as a whole. It takes a moment even for MaxQuestions questions.
func Lint(h Header, x Exchange) []Finding {
	l := &linter{}
	for _, d := range x.Questions {
		j := judge{l, d}
		j.check()
		j.advise()
	}
	l.checkHeader(h)
	b := newBank(h, x)
	if len(b.Questions) < leastQuestions {
		l.bank(Refused, "size", "", "题库至少要有 %d 道题，现在只有 %d 道", leastQuestions, len(b.Questions))
	}
	l.checkIDs(x)
	l.checkDraw(b)
	l.checkStyle(x.Questions)
	l.findings = append(l.findings, Duplicates(x, nil)...)
	return l.findings
}

var moduleRef = regexp.MustCompile(`^[a-z0-9-]+/[a-z0-9-]+$`)

// checkHeader finds what is wrong with the front matter.
func (l *linter) checkHeader(h Header) {
	require := func(ok bool, key, format string, args ...any) {
		if !ok {
			l.bank(Refused, "header", key, format, args...)
		}
	}
	require(h.Title != "", "title", "缺少 title（中文标题）")
	require(h.TitleEN != "", "title_en", "缺少 title_en（英文标题）")
	require(moduleRef.MatchString(h.Module), "module", "module 应写成 课程/模块，现在是“%s”", clip(h.Module))
	require(h.Pass >= 1 && h.Pass <= 100, "pass", "pass 应是 1 到 100，现在是 %d", h.Pass)
	require(h.Minutes >= 1 && h.Minutes <= mostMinutes, "minutes", "minutes 应是 1 到 %d，现在是 %d", mostMinutes, h.Minutes)
	require(h.Retake.WaitHours >= 0 && h.Retake.Max >= 1 && h.Retake.WithinDays >= 1, "retake",
		"retake 的 wait_hours 不能小于 0，max 和 within_days 不能小于 1")
	require(h.Forms == 0 || h.Forms >= leastForms && h.Forms <= mostForms, "forms",
		"forms 应是 %d 到 %d，不用固定试卷就不写，现在是 %d", leastForms, mostForms, h.Forms)
	require(h.Exposure >= 0 && h.Exposure <= 100, "exposure", "exposure 应是 1 到 100，现在是 %d", h.Exposure)
	for topic, percent := range h.Minimum {
		require(topicText.MatchString(topic) && percent >= 1 && percent <= 100, "minimum",
			"minimum 应写成 {D5: 60}：维度 D1 到 D8，百分数 1 到 100，现在有“%s: %d”", clip(topic), percent)
	}
	l.checkBlueprint(h)
}

func (l *linter) checkBlueprint(h Header) {
	sum := 0
	for i, c := range h.Blueprint {
		sum += c.Count
		if c.Count < 1 || c.Difficulty < 0 || c.Difficulty > 3 || c.Topic != "" && !topicText.MatchString(c.Topic) {
			l.bank(Refused, "header", "blueprint", "blueprint 第 %d 格应写成 {topic: D5, difficulty: 1, count: 3}：topic 是 D1 到 D8，difficulty 是 1 到 3，count 至少 1", i+1)
		}
	}
	if len(h.Blueprint) > 0 && h.Draw != 0 && h.Draw != sum {
		l.bank(Refused, "header", "draw", "blueprint 各格加起来是 %d 道，draw 写的是 %d；draw 可以不写", sum, h.Draw)
	}
}

// checkIDs finds ids used twice and situations nobody asks about.
func (l *linter) checkIDs(x Exchange) {
	first, asked := map[string]int{}, map[string]bool{}
	once := func(id, what string, line int) {
		if before, ok := first[id]; ok {
			judge{l, Draft{ID: id}}.find(Refused, "id", line, "%s“%s”与第 %d 行重复", what, clip(id), before)
			return
		}
		first[id] = line
	}
	for _, d := range x.Questions {
		once(d.ID, "题号", d.Line)
		asked[d.Case] = true
	}
	for _, c := range x.Situations {
		j := judge{l, Draft{ID: c.ID, Line: c.Line}}
		once(c.ID, "情境的题号", c.Line)
		if !slugText.MatchString(c.ID) {
			j.refuse("id", "情境的题号应是小写字母、数字和连字符，如 {#wang-late type=case}，现在是“%s”", clip(c.ID))
		}
		if !asked[c.ID] {
			j.refuse("case", "情境下面没有题目；题目写成“### 题干 {#题号}”")
		}
		if sourceMark.MatchString(c.Text) {
			j.refuse("secret", "情境里不要放出处标记，写到每道题的“依据”一行")
		}
	}
}

// checkStyle finds what a learner could answer by without knowing the matter.
func (l *linter) checkStyle(drafts []Draft) {
	var places []int // of the right option in each single question, 0-based
	longest := 0
	for _, d := range drafts {
		if d.Kind != sheet.Single || len(d.right()) != 1 {
			continue
		}
		place, length, rest := d.lengths()
		places = append(places, place)
		if length > rest {
			longest++
		}
	}
	n := len(places)
	if n < leastSingles {
		return
	}
	if longest*100 > longestShare*n {
		l.bank(Doubted, "longest", "", "%d 道单选题里有 %d 道的正确选项最长，超过 %d%%：不会的人选最长的也能过", n, longest, longestShare)
	}
	if place, count := commonest(places); count*100 > placeShare*n {
		l.bank(Doubted, "place", "", "%d 道单选题里有 %d 道的正确选项写在第 %d 个，换一换位置", n, count, place+1)
	} else if cycle := cycleOf(places); cycle > 0 {
		l.bank(Doubted, "place", "", "单选题正确选项的位置每 %d 道一循环，打乱一下", cycle)
	}
}

// lengths returns where the right option stands, how many characters it has and
// how many the longest other one.
func (d Draft) lengths() (place, right, rest int) {
	for i, o := range d.Options {
		if n := utf8.RuneCountInString(o.Text); o.Right {
			place, right = i, n
		} else {
			rest = max(rest, n)
		}
	}
	return place, right, rest
}

func commonest(places []int) (place, count int) {
	counts := map[int]int{}
	for _, v := range places {
		if counts[v]++; counts[v] > count {
			place, count = v, counts[v]
		}
	}
	return place, count
}

// cycleOf returns the length (2 to 4) of the cycle that the places repeat at
// least twice, or 0.
func cycleOf(places []int) int {
	for n := 2; n <= 4 && 2*n <= len(places); n++ {
		repeats := true
		for i := n; i < len(places); i++ {
			repeats = repeats && places[i] == places[i-n]
		}
		if repeats {
			return n
		}
	}
	return 0
}

var (
	// absolute are words that hardly anything true has in it.
	absolute = regexp.MustCompile(`绝对|一定|所有|从不|从来不|永远|任何|一律|总是`)
	allAbove = regexp.MustCompile(`^(?:以上|上述)[^，。]{0,4}(?:都|皆|全|均)(?:不?对|不?是|不?正确|错)|^(?:都对|都不对|全对|全错)。?$`)
	negative = regexp.MustCompile(`(?:不(?:正确|恰当|合适|属于|包括|应该?|对|是)的(?:是|一项|有|说法|做法)|(?:错误|不当)的(?:是|一项|说法|做法)|不(?:属于|包括)[^，。]*[?？（]|除了.*[?？])`)
	stressed = regexp.MustCompile(`\*\*[^*]*(?:不|错|除)[^*]*\*\*`)
)

// advise finds what gives the answer away or teaches less than it could.
func (j judge) advise() {
	if len(j.Options) > 0 && j.Kind != sheet.Order && j.Kind != sheet.Hot {
		j.adviseOptions()
	}
	if negative.MatchString(j.Stem) && !stressed.MatchString(j.Stem) {
		j.find(Doubted, "negative", j.Line, "题干是反着问的：把“不”字加粗（**不**），或者改成正着问")
	}
	if j.Explanation == "" && !j.explains() {
		j.find(Advised, "explanation", j.Line, "没有“解析”，答错的人看不到为什么")
	}
}

// explains reports whether some answer has its reason.
func (j judge) explains() bool {
	for _, o := range j.Options {
		if o.Why != "" {
			return true
		}
	}
	return false
}

func (j judge) adviseOptions() {
	var words string
	for _, o := range j.right() {
		words += o.Text
	}
	for i, o := range j.Options {
		if allAbove.MatchString(o.Text) {
			j.find(Doubted, "all-above", j.answerLine(i), "“%s”在选项打乱以后没有意义，也让人不用逐条判断；改成多选题", clip(o.Text))
		}
		if word := absolute.FindString(o.Text); word != "" && !o.Right && !absolute.MatchString(words) {
			j.find(Advised, "absolute", j.answerLine(i), "只有错误的选项里有“%s”这样绝对的词，不会的人也能排除它", word)
		}
	}
	_, right, rest := j.lengths()
	if j.Kind == sheet.Single && len(j.right()) == 1 && right*100 > rest*(100+tooLong) {
		j.find(Advised, "longest", j.Line, "正确的选项比别的都长得多（%d 字，其他最多 %d 字）", right, rest)
	}
}

// checkDraw makes sure that Draw can fill a paper.
func (l *linter) checkDraw(b *Bank) {
	if b.Size < 1 {
		l.bank(Refused, "draw", "draw", "draw 至少是 1，现在是 %d", b.Size)
		return
	}
	if len(b.Blueprint) == 0 && b.Size > len(b.Questions) {
		l.bank(Refused, "draw", "draw", "draw 要抽 %d 道题，题库只有 %d 道", b.Size, len(b.Questions))
		return
	}
	key, cells, room := "blueprint", b.Blueprint, true
	if len(cells) == 0 {
		key, cells = "draw", []Cell{{Count: b.scored()}}
	}
	for _, c := range cells {
		room = l.checkRoom(b, key, c) && room
		l.checkExposure(b, c)
	}
	if room && !b.drawable() {
		l.bank(Refused, "draw", key, "拼不出一份试卷：关键题（critical）都要在里面，一个情境的题要么都在、要么都不在，和各格的题数对不上")
	}
}

// checkRoom reports whether there are questions enough for a cell, and where all
// of the paper is one cell, places enough for the critical ones.
func (l *linter) checkRoom(b *Bank, key string, c Cell) bool {
	n, critical := b.inCell(c)
	switch {
	case n < c.Count && key == "draw":
		l.bank(Refused, "draw", key, "试卷要 %d 道计分题，题库只有 %d 道（试用题最多占五分之一）", c.Count, n)
	case n < c.Count:
		l.bank(Refused, "draw", key, "blueprint 的“%s”要 %d 道题，题库里只有 %d 道", c, c.Count, n)
	case critical > c.Count && key == "draw":
		l.bank(Refused, "draw", key, "关键题（critical）有 %d 道，试卷只放得下 %d 道计分题", critical, c.Count)
	default:
		return true
	}
	return false
}

// checkExposure finds that every paper takes so much of a cell that a question is
// in more papers than the bank allows. Of a cell of n questions, c of them
// critical and so always drawn, a paper takes k: the others are each in
// (k − c) ÷ (n − c) of all papers on average.
func (l *linter) checkExposure(b *Bank, cell Cell) {
	n, critical := b.inCell(cell)
	rest, taken := n-critical, cell.Count-critical
	if b.Exposure > 0 && taken > 0 && taken <= rest && taken*100 > b.Exposure*rest {
		l.bank(Doubted, "exposure", "exposure", "“%s”的 %d 道题里每份试卷用 %d 道：平均每道题出现在 %d%% 的试卷里，超过 exposure 的 %d%%",
			cell, rest, taken, taken*100/rest, b.Exposure)
	}
}

// inCell counts the questions that may be drawn for a cell, and the critical ones
// among them.
func (b *Bank) inCell(c Cell) (n, critical int) {
	for i := range b.Questions {
		q := &b.Questions[i]
		if q.Pilot || q.Void || !c.takes(q) {
			continue
		}
		n++
		if q.Critical {
			critical++
		}
	}
	return n, critical
}

// String is what an author calls the cell.
func (c Cell) String() string {
	var parts []string
	if c.Topic != "" {
		parts = append(parts, c.Topic)
	}
	if c.Difficulty != 0 {
		parts = append(parts, "难度 "+strconv.Itoa(c.Difficulty))
	}
	if len(parts) == 0 {
		return "全部"
	}
	return strings.Join(parts, "、")
}
