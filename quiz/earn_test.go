package quiz

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"qibu/internal/fault"
	"qibu/quiz/sheet"
)

// alone returns a bank of q only, with the paper it makes.
func alone(q Question) (*Bank, Paper) {
	q.ID = "q"
	b := &Bank{Slug: "alone", Size: 1, Pass: 60, Shuffle: true, Questions: []Question{q}}
	return b, b.Draw([32]byte{5}, nil)
}

var (
	steps = Question{
		Kind: sheet.Match, Points: 5,
		Options: []Option{{Text: "预约"}, {Text: "接车"}, {Text: "交车"}},
		Rows:    []Row{{"您方便几点过来？", 0}, {"我陪您绕车看一圈。", 1}, {"您几点方便？", 0}},
	}
	spots = Question{
		Kind: sheet.Hot, Points: 4, Picture: &sheet.Picture{Source: "car-top.svg", Width: 400, Height: 720},
		Options: []Option{{Text: "左前", X: 300, Y: 250}, {Text: "右前"}, {Text: "右后"}, {Text: "左后"}, {Text: "后备箱"}},
	}
	shares = Question{
		Kind: sheet.Fill, Points: 4, Pieces: []string{"肢体语言占", "，语气占", "。"},
		Blanks: []Blank{
			{Accept: []Accepted{{Text: "55%", Percent: 100, Why: "对"}, {Text: "50%", Percent: 50, Why: "接近"}, {Text: "7%", Why: "那是文字"}}},
			{Accept: []Accepted{{Text: "38%", Percent: 100}, {Text: "三十八", Percent: 100}}},
		},
	}
	days = Question{
		Kind: sheet.Numeric, Points: 4,
		Values: []Value{{Figure: "3", Percent: 100}, {Figure: "3", Tolerance: "0.5", Percent: 50, Why: "差一点"}},
		Units:  []Unit{{"天", "1"}, {"小时", "1/24"}},
	}
	apology = Question{
		Kind: sheet.Text, Points: 5, Most: 20, Model: "<p>王先生，让您久等了。</p>",
		Rubric: []Criterion{{"先道歉", 2}, {"再解释", 3}},
	}
)

func TestMatchCredit(t *testing.T) {
	for _, tt := range []struct {
		chosen []int
		want   int
	}{
		{[]int{0, 1, 0}, 5},
		{[]int{0, 1, 2}, 3}, // 5·2/3 rounded down
		{[]int{0, unplaced, unplaced}, 1},
		{[]int{1, 0, 2}, 0},
		{[]int{0, 0, 0}, 3}, // one option for every row
	} {
		if got := credit(&steps, given{chosen: tt.chosen}); got != tt.want {
			t.Errorf("%v earns %d, want %d", tt.chosen, got, tt.want)
		}
	}
}

func TestHotCredit(t *testing.T) {
	for _, tt := range []struct {
		tapped []int
		want   int
	}{
		{[]int{0, 1, 2, 3, 4}, 4},
		{[]int{0, 1, 2, 3}, 3},
		{[]int{1, 3}, 1},
		{[]int{2}, 0},
		{[]int{3, 1}, 0},
		{[]int{4, 0, 1, 2, 3}, 3},
	} {
		if got := credit(&spots, given{chosen: tt.tapped}); got != tt.want {
			t.Errorf("%v earns %d, want %d", tt.tapped, got, tt.want)
		}
	}
}

func TestFillCredit(t *testing.T) {
	exact, byValue := shares, shares
	exact.Exact, byValue.ByValue = true, true
	for _, tt := range []struct {
		q      Question
		first  string
		second string
		want   int
	}{
		{shares, "55%", "38%", 4},
		{shares, " ５５％。", "三十八", 4},
		{shares, "55%", "", 2},
		{shares, "50%", "", 1},
		{shares, "50%", "38%", 3},
		{shares, "7%", "38", 0},
		{shares, "0.55", "38%", 2},
		{byValue, "0.55", "百分之三十八", 4},
		{byValue, "百分之五十", "38", 3}, // 38 is 三十八
		{byValue, "五十五", "38%", 2},
		{exact, "55%", "38%", 4},
		{exact, "５５％", " 38% ", 4}, // width and spaces never count
		{exact, "55%。", "38%", 2},
	} {
		if got := credit(&tt.q, given{texts: []string{tt.first, tt.second}}); got != tt.want {
			t.Errorf("%q and %q earn %d, want %d (exact %v, by value %v)", tt.first, tt.second, got, tt.want, tt.q.Exact, tt.q.ByValue)
		}
	}
}

func TestFillReadsTraditional(t *testing.T) {
	q := Question{Kind: sheet.Fill, Points: 1, Blanks: []Blank{{Accept: []Accepted{{Text: "环车检查", Percent: 100}}}}}
	if credit(&q, given{texts: []string{"環車檢查"}}) != 1 {
		t.Error("traditional characters do not count as the same word")
	}
	if q.Exact = true; credit(&q, given{texts: []string{"環車檢查"}}) != 0 {
		t.Error("traditional characters count in an exact question")
	}
}

// A blank that asks for a sign is not filled by any other sign.
func TestFillOfPunctuation(t *testing.T) {
	q := Question{Kind: sheet.Fill, Points: 1, Blanks: []Blank{{Accept: []Accepted{{Text: "？", Percent: 100}}}}}
	for text, want := range map[string]int{"?": 1, "。": 0, "吗": 0} {
		if got := credit(&q, given{texts: []string{text}}); got != want {
			t.Errorf("%q earns %d, want %d", text, got, want)
		}
	}
}

func TestNumericCredit(t *testing.T) {
	plain := days
	plain.Units = nil
	tenth := Question{Kind: sheet.Numeric, Points: 4, Values: []Value{{Figure: "0.3", Tolerance: "0", Percent: 100}}}
	for _, tt := range []struct {
		q     Question
		texts []string
		want  int
	}{
		{plain, []string{"3"}, 4},
		{plain, []string{"３.０"}, 4},
		{plain, []string{"三"}, 4},
		{plain, []string{"2.5"}, 2}, // the limit is within
		{plain, []string{"3.5"}, 2},
		{plain, []string{"2.4999999999999999999999"}, 0},
		{plain, []string{"-3"}, 0},
		{plain, []string{"三天"}, 0}, // no number
		{days, []string{"3", "天"}, 4},
		{days, []string{"72", "小时"}, 4},
		{days, []string{"七十二", "小时"}, 4},
		{days, []string{"60", "小时"}, 2},
		{days, []string{"3", "小时"}, 0},
		{days, []string{"3", ""}, 0},
		{days, []string{"3"}, 0},
		{tenth, []string{"0.3"}, 4},
		{tenth, []string{"30%"}, 4},
		{tenth, []string{"3/10"}, 4},
		{tenth, []string{"0.30000000000000004"}, 0},
	} {
		if got := credit(&tt.q, given{texts: tt.texts}); got != tt.want {
			t.Errorf("%q earns %d, want %d", tt.texts, got, tt.want)
		}
	}
}

func TestCreditByPercent(t *testing.T) {
	worth := func(kind string, credits ...int) Question {
		q := Question{Kind: kind, Points: 3}
		for _, c := range credits {
			q.Options = append(q.Options, Option{Credit: c, Right: c > 0})
		}
		return q
	}
	single := worth(sheet.Single, 100, 50, -25, 0)
	multiple := worth(sheet.Multiple, 50, 50, -50, -100)
	for _, tt := range []struct {
		q      Question
		chosen []int
		want   int
	}{
		{single, []int{0}, 3},
		{single, []int{1}, 1}, // 3·50/100 rounded down
		{single, []int{2}, 0},
		{single, []int{3}, 0},
		{multiple, []int{0, 1}, 3},
		{multiple, []int{0}, 1},
		{multiple, []int{0, 1, 2}, 1},
		{multiple, []int{0, 1, 2, 3}, 0},
		{worth(sheet.Multiple, 34, 34, 34, 0), []int{0, 1, 2}, 3}, // never above the points
	} {
		if got := credit(&tt.q, given{chosen: tt.chosen}); got != tt.want {
			t.Errorf("%s %v earns %d, want %d", tt.q.Kind, tt.chosen, got, tt.want)
		}
	}
}

func TestTextIsMarked(t *testing.T) {
	b, p := alone(apology)
	answers := map[int]sheet.Answer{1: {"对不起。"}}
	grade := func(points ...int) sheet.Result {
		return b.Grade(p, answers, map[int]Mark{1: {Points: points, Comment: "不错", At: nine}})
	}
	if r := b.Grade(p, answers, nil); r.Pending != 1 || !r.Items[0].Pending || r.Points != 0 || r.Passed || r.Items[0].Said != "" {
		t.Errorf("before it is marked: %+v", r)
	}
	for _, tt := range []struct {
		marks  []int
		want   int
		passed bool
	}{
		{[]int{2, 3}, 5, true},
		{[]int{2, 1}, 3, true},
		{[]int{0, 2}, 2, false},
		{[]int{2}, 2, false},
		{nil, 0, false},
		{[]int{9, -4, 7}, 2, false}, // no criterion beyond its points, none below 0
	} {
		r := grade(tt.marks...)
		if r.Points != tt.want || r.Pending != 0 || r.Passed != tt.passed {
			t.Errorf("marked %v: %d points, %d pending, passed %v", tt.marks, r.Points, r.Pending, r.Passed)
		}
	}
	got := grade(2, 1).Items[0]
	want := sheet.Reviewed{
		Slot: 1, Kind: sheet.Text, Points: 3, Max: 5, Comment: "不错", Model: apology.Model,
		Entries:  []sheet.ReviewedEntry{{Given: "对不起。"}},
		Criteria: []sheet.ReviewedCriterion{{Text: "先道歉", Points: 2, Max: 2}, {Text: "再解释", Points: 1, Max: 3}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if r := b.Grade(p, map[int]sheet.Answer{1: {" \n"}}, nil); r.Pending != 0 || r.Items[0].Pending {
		t.Error("nothing written waits for a mark")
	}
}

// A paper whose other questions suffice is not passed while a text is unread, nor
// is a critical text held to be missed.
func TestPendingIsNeverPassed(t *testing.T) {
	b, _ := ten(80)
	text := apology
	text.ID, text.Points, text.Critical = "text", 1, true
	b.Questions, b.Size = append(b.Questions, text), 11
	p := b.Draw([32]byte{}, nil)
	answers := key(b, p)
	if r := b.Grade(p, answers, nil); r.Passed || r.Points != 10 || r.CriticalMissed != 0 || r.Pending != 1 {
		t.Errorf("passed %v with %d of %d, %d critical missed, %d pending", r.Passed, r.Points, r.Max, r.CriticalMissed, r.Pending)
	}
	if r := b.Grade(p, answers, fullMarks(b, p)); !r.Passed {
		t.Error("marked in full it must pass")
	}
	i := slices.IndexFunc(b.Questions, func(q Question) bool { return q.ID == "text" })
	b.Questions[i].Critical, b.Questions[i].Pilot = false, true
	if r := b.Grade(p, answers, nil); !r.Passed || r.Pending != 0 {
		t.Error("a text on trial must not keep anyone waiting")
	}
}

func TestVoidHasFullMarks(t *testing.T) {
	b, p := ten(100)
	for i := range b.Questions[:3] {
		b.Questions[i].Void, b.Questions[i].Critical = true, true
		b.Questions[i].Said = sheet.Responses{Right: "好", Wrong: "不对"}
	}
	answers := key(b, p)
	for i, s := range p.Slots {
		switch s.Question {
		case "0":
			delete(answers, i+1)
		case "1":
			answers[i+1] = s.answer(1)
		}
	}
	r := b.Grade(p, answers, nil)
	if !r.Passed || r.Points != 10 || r.CriticalMissed != 0 {
		t.Errorf("%d of %d, %d critical missed", r.Points, r.Max, r.CriticalMissed)
	}
	for i, s := range p.Slots {
		if item := r.Items[i]; item.Void != (s.Question < "3") || item.Said != "" {
			t.Errorf("%s: void %v, said %q", s.Question, item.Void, item.Said)
		}
	}
}

func TestTopicMinimum(t *testing.T) {
	for _, tt := range []struct {
		minimum, right int // of D5's four questions
		passed         bool
	}{{0, 0, true}, {50, 2, true}, {50, 1, false}, {51, 2, false}, {100, 4, true}} {
		b, p := ten(60)
		for i := range b.Questions {
			b.Questions[i].Topic = "D7"
			if i < 4 {
				b.Questions[i].Topic = "D5"
			}
		}
		b.Minimum = map[string]int{"D5": tt.minimum, "D8": 100} // D8 is not asked about
		answers := key(b, p)
		for i, s := range p.Slots {
			if s.Question >= "0" && s.Question < string(rune('0'+4-tt.right)) {
				delete(answers, i+1)
			}
		}
		r := b.Grade(p, answers, nil)
		want := []sheet.TopicOutcome{
			{Topic: "D5", Points: tt.right, Max: 4, Need: tt.minimum, Short: !tt.passed},
			{Topic: "D7", Points: 6, Max: 6},
		}
		if diff := cmp.Diff(want, r.Topics); diff != "" || r.Passed != tt.passed {
			t.Errorf("minimum %d%%, %d of 4 right: passed %v\n%s", tt.minimum, tt.right, r.Passed, diff)
		}
	}
}

func TestSaid(t *testing.T) {
	q := Question{
		Kind: sheet.Multiple, Points: 2, Options: []Option{{Right: true}, {Right: true}, {}},
		Said: sheet.Responses{Right: "全对", Partly: "对了一半", Wrong: "再看看"},
	}
	b, p := alone(q)
	for want, chosen := range map[string][]int{"全对": {0, 1}, "对了一半": {1}, "再看看": {2}} {
		if got := b.Grade(p, map[int]sheet.Answer{1: p.Slots[0].answer(chosen...)}, nil).Items[0].Said; got != want {
			t.Errorf("%v is answered %q, want %q", chosen, got, want)
		}
	}
}

func TestReviewOfWhatIsWritten(t *testing.T) {
	b, p := alone(shares)
	got := b.Grade(p, map[int]sheet.Answer{1: {"7%", "三十八"}}, nil).Items[0]
	want := []sheet.ReviewedEntry{
		{Given: "7%", Accept: []string{"55%"}, Why: "那是文字"},
		{Given: "三十八", Accept: []string{"38%", "三十八"}, Right: true},
	}
	if diff := cmp.Diff(want, got.Entries); diff != "" {
		t.Error(diff)
	}
	b, p = alone(days)
	b.Questions[0].Values[0].Tolerance = "0.25"
	got = b.Grade(p, map[int]sheet.Answer{1: {"60", "小时"}}, nil).Items[0]
	if diff := cmp.Diff([]sheet.ReviewedEntry{{Given: "60 小时", Accept: []string{"3 ± 0.25 天"}, Why: "差一点"}}, got.Entries); diff != "" {
		t.Error(diff)
	}
	b.Questions[0].Values[0].Tolerance = ""
	for _, q := range []Question{shares, days, apology} {
		b, p := alone(q)
		for _, e := range b.Grade(p, nil, nil).Items[0].Entries {
			if e.Given != "" || e.Right {
				t.Errorf("%s, unanswered: %+v", q.Kind, e)
			}
		}
	}
}

func TestReviewOfMatch(t *testing.T) {
	b, p := alone(steps)
	s := p.Slots[0]
	got := b.Grade(p, map[int]sheet.Answer{1: s.encode(given{chosen: []int{0, 2, unplaced}})}, nil).Items[0].Rows
	all := []sheet.ReviewedRow{
		{Text: steps.Rows[0].Text, Chosen: "预约", Want: "预约", Right: true},
		{Text: steps.Rows[1].Text, Chosen: "交车", Want: "接车"},
		{Text: steps.Rows[2].Text, Want: "预约"},
	}
	for i, n := range s.Rows {
		if diff := cmp.Diff(all[n], got[i]); diff != "" {
			t.Error(diff)
		}
	}
}

func TestReviewOfHot(t *testing.T) {
	b, p := alone(spots)
	got := b.Grade(p, map[int]sheet.Answer{1: p.Slots[0].answer(1, 0)}, nil).Items[0]
	want := sheet.ReviewedOption{Text: "左前", Chosen: true, Place: 2, RightPlace: 1, X: 300, Y: 250}
	if diff := cmp.Diff(want, got.Options[0]); diff != "" || got.Picture != spots.Picture {
		t.Error(diff)
	}
	if o := got.Options[4]; o.Chosen || o.Place != 0 || o.RightPlace != 5 {
		t.Errorf("not tapped: %+v", o)
	}
}

func TestCheckByKind(t *testing.T) {
	row := func(entries ...int) func(Slot) sheet.Answer {
		return func(s Slot) sheet.Answer { return s.encode(given{chosen: entries}) }
	}
	places := func(options ...int) func(Slot) sheet.Answer {
		return func(s Slot) sheet.Answer { return s.answer(options...) }
	}
	text := func(entries ...string) func(Slot) sheet.Answer { return func(Slot) sheet.Answer { return entries } }
	for _, tt := range []struct {
		name   string
		q      Question
		answer func(Slot) sheet.Answer
		ok     bool
	}{
		{"every row", steps, row(0, 1, 2), true},
		{"one option twice", steps, row(0, 0, 0), true},
		{"some rows", steps, row(unplaced, 1, unplaced), true},
		{"no row", steps, text("", "", ""), true},
		{"a row missing", steps, places(0, 1), false},
		{"a row too many", steps, places(0, 1, 2, 0), false},
		{"a foreign token", steps, text("x", "", ""), false},
		{"some places", spots, places(3, 1), true},
		{"a place twice", spots, places(3, 1, 3), false},
		{"both blanks", shares, text("55%", "38%"), true},
		{"one blank", shares, text("", "38%"), true},
		{"empty blanks", shares, text("", " "), true},
		{"a blank missing", shares, text("55%"), false},
		{"a blank too long", shares, text(strings.Repeat("长", maxEntry+1), ""), false},
		{"a blank as long as can be", shares, text(strings.Repeat("长", maxEntry), ""), true},
		{"no text", shares, text("\xff", ""), false},
		{"a zero byte", shares, text("a\x00", ""), false},
		{"figure and unit", days, text("3", "天"), true},
		{"no unit yet", days, text("3", ""), true},
		{"no figure yet", days, text("", "天"), true},
		{"no number", days, text("很久", "天"), true},
		{"a unit not offered", days, text("3", "周"), false},
		{"three entries", days, text("3", "天", "天"), false},
		{"a text", apology, text("对不起。"), true},
		{"two texts", apology, text("对不起", "。"), false},
		{"a text too long", apology, text(strings.Repeat("长", 21)), false},
		{"line breaks of a browser count once", apology, text(strings.Repeat("长\r\n", 10)), true},
		{"too many empty entries", steps, text(make([]string, maxEntries+1)...), false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b, p := alone(tt.q)
			answer := tt.answer(p.Slots[0])
			if err := b.Check(p, 1, answer); tt.ok != (err == nil) || !tt.ok && !errors.Is(err, fault.Invalid) {
				t.Errorf("Check: %v", err)
			}
			r := b.Grade(p, map[int]sheet.Answer{1: answer}, fullMarks(b, p))
			if !tt.ok && r.Points != 0 {
				t.Error("an answer that Check refuses must earn nothing")
			}
		})
	}
}

func TestScores(t *testing.T) {
	b := &Bank{Size: 5, Questions: []Question{steps, shares, days, apology, spots}}
	for i := range b.Questions {
		b.Questions[i].ID = string(rune('a' + i))
	}
	b.Questions[4].Pilot = true
	p := b.Draw([32]byte{}, nil)
	long := strings.Repeat("长", 19)
	saved := map[int]Saved{
		1: {Answer: p.Slots[0].encode(given{chosen: []int{0, unplaced, 2}}), At: nine.Add(time.Minute)},
		2: {Answer: sheet.Answer{"", "38%"}, At: nine.Add(3 * time.Minute)},
		3: {Answer: sheet.Answer{"3", "天"}, At: nine.Add(2 * time.Minute)},
		4: {Answer: sheet.Answer{long}, At: nine.Add(5 * time.Minute)},
	}
	want := []Score{
		{Question: "a", Points: 1, Max: 5, Chosen: []int{0, unplaced, 2}, Answered: true, Spent: time.Minute},
		{Question: "b", Points: 2, Max: 4, Text: " | 38%", Answered: true, Spent: time.Minute},
		{Question: "c", Points: 4, Max: 4, Text: "3 | 天", Answered: true, Spent: time.Minute},
		{Question: "d", Points: 2, Max: 5, Text: long, Answered: true, Spent: 2 * time.Minute},
		{Question: "e", Max: 4, Pilot: true},
	}
	if diff := cmp.Diff(want, b.Scores(p, saved, map[int]Mark{4: {Points: []int{2}}}, nine)); diff != "" {
		t.Error(diff)
	}
	if n := len([]rune(given{texts: []string{strings.Repeat("长", 50)}}.text())); n != maxScoreText {
		t.Errorf("%d characters are kept", n)
	}
}

// The scores recorded with a result add up to it.
func TestScoresAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := anyBank(t)
		p := b.Draw(anySeed(t), nil)
		answers := map[int]sheet.Answer{}
		for i, s := range p.Slots {
			answers[i+1] = s.encode(anyGiven(t, b.question(s.Question)))
		}
		r, points, most := b.Grade(p, answers, nil), 0, 0
		for _, s := range b.Scores(p, saved(answers), nil, nine) {
			if !s.Pilot {
				points, most = points+s.Points, most+s.Max
			}
		}
		if points != r.Points || most != r.Max {
			t.Fatalf("scores add up to %d of %d, the result is %d of %d", points, most, r.Points, r.Max)
		}
	})
}

// Every kind shows on the sheet what it is answered with, and a case tells its
// story once.
func TestSheetByKind(t *testing.T) {
	b := &Bank{Size: 4, Cases: []Situation{{}, {Text: "<p>王先生的车晚了一小时。</p>"}}, Questions: []Question{spots, shares, days, steps}}
	for i := range b.Questions {
		b.Questions[i].ID = string(rune('a' + i))
		if i == 1 || i == 2 {
			b.Questions[i].Case = 2
		}
	}
	p := b.Draw([32]byte{3}, nil)
	items := b.Sheet(p, nil).Items
	hot := sheet.Option{Text: "左前", X: 300, Y: 250}
	for i, o := range p.Slots[0].Options {
		if o == 0 {
			hot.Token = p.Slots[0].Tokens[i]
		}
	}
	if !slices.Contains(items[0].Options, hot) || items[0].Picture != spots.Picture || items[0].Case != 0 {
		t.Errorf("hot: %+v", items[0])
	}
	if items[1].Case != 1 || items[1].Story != b.Cases[1].Text || !slices.Equal(items[1].Pieces, shares.Pieces) || items[1].Options != nil {
		t.Errorf("fill: %+v", items[1])
	}
	if items[2].Case != 1 || items[2].Story != "" || !slices.Equal(items[2].Units, []string{"天", "小时"}) {
		t.Errorf("numeric: %+v", items[2])
	}
	for i, n := range p.Slots[3].Rows {
		if items[3].Rows[i] != steps.Rows[n].Text {
			t.Errorf("match: rows %v", items[3].Rows)
		}
	}
}

// Whatever comes from a browser, an answer fits or is refused, and earns no more
// than there is.
func FuzzAnswer(f *testing.F) {
	b := &Bank{Size: 5, Questions: []Question{steps, shares, days, apology, spots}}
	for i := range b.Questions {
		b.Questions[i].ID = string(rune('a' + i))
	}
	p := b.Draw([32]byte{}, nil)
	for i, s := range p.Slots {
		f.Add(i+1, strings.Join(s.encode(right(b.question(s.Question))), "\n"))
	}
	f.Add(3, "1/0\n小时")
	f.Add(3, "9亿亿亿亿\n天")
	f.Add(2, "\x00\n%")
	f.Fuzz(func(t *testing.T, slot int, entries string) {
		answer := sheet.Answer(strings.Split(entries, "\n"))
		fits := b.Check(p, slot, answer) == nil
		if slot < 1 || slot > len(p.Slots) {
			if fits {
				t.Fatalf("an answer fits slot %d", slot)
			}
			return
		}
		r := b.Grade(p, map[int]sheet.Answer{slot: answer}, fullMarks(b, p))
		if item := r.Items[slot-1]; item.Points < 0 || item.Points > item.Max || !fits && item.Points != 0 {
			t.Fatalf("%q earns %d of %d, fits %v", answer, item.Points, item.Max, fits)
		}
	})
}
