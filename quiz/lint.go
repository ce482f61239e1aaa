package quiz

import (
	"regexp"
	"unicode/utf8"

	"qibu/quiz/sheet"
)

// leastQuestions is how many a bank has to have before it may be published: with
// fewer, a second try is the first one again.
const leastQuestions = 12

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
	l.checkTwins(x)
	return l.findings
}

// checkIDs finds ids used twice and situations nobody asks about.
func (l *linter) checkIDs(x Exchange) {
	first, asked, pilots := map[string]int{}, map[string]int{}, map[string]int{}
	once := func(id, what string, line int) {
		if before, ok := first[id]; ok {
			judge{l, Draft{ID: id}}.find(Refused, "id", line, "%s“%s”与第 %d 行重复", what, clip(id), before)
			return
		}
		first[id] = line
	}
	for _, d := range x.Questions {
		once(d.ID, "题号", d.Line)
		asked[d.Case]++
		if d.Pilot {
			pilots[d.Case]++
		}
	}
	for _, c := range x.Situations {
		j := judge{l, Draft{ID: c.ID, Line: c.Line}}
		once(c.ID, "情境的题号", c.Line)
		if !slugText.MatchString(c.ID) {
			j.refuse("id", "情境的题号应是小写字母、数字和连字符，如 {#wang-late type=case}，现在是“%s”", clip(c.ID))
		}
		if asked[c.ID] == 0 {
			j.refuse("case", "情境下面没有题目；题目写成“### 题干 {#题号}”")
		}
		if pilots[c.ID] > 0 && pilots[c.ID] < asked[c.ID] {
			j.refuse("pilot", "一个情境的题是一起抽的：要么都是试用题（pilot），要么都不是")
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
