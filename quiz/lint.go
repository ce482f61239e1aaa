package quiz

import (
	"bytes"
	"unicode/utf8"

	"qibu/quiz/sheet"
)

// What a bank has to reach before it may be published.
const (
	leastQuestions = 12 // fewer, and a second try is the first one again
	leastSteps     = 3  // two steps have only one wrong order to show
	longestShare   = 40 // percent of single questions whose right option may be the longest
	placeShare     = 60 // percent of single questions whose right option may stand in one place
	leastSingles   = 5  // fewer single questions show no pattern
)

// checkDraft reports what is wrong with one question.
func (p *parser) checkDraft(d *draft) {
	if !slugText.MatchString(d.ID) {
		p.errorf(d.Line, "题号应是小写字母、数字和连字符，如 {#covers-when}，现在是“%s”", d.ID)
	}
	if d.heading == "" {
		p.errorf(d.Line, "没有题干")
	}
	if d.Critical && d.Pilot {
		p.errorf(d.Line, "critical 和 pilot 不能同时用：试用题不计分，不能决定是否通过")
	}
	if d.Topic == "" {
		p.problems.Warn(p.file, d.Line, "没有写 topic（D1 到 D8），这道题不会计入能力维度")
	}
	if !d.based {
		p.errorf(d.Line, "缺少“依据”和“复习”；写法：%s", basisFormat)
	}
	p.checkOptions(d)
	p.checkSecrets(d)
}

func (p *parser) checkOptions(d *draft) {
	kind, right := d.kind(), d.rightCount()
	switch n := len(d.Options); {
	case n == 0 && kind == sheet.Order:
		p.errorf(d.Line, "排序题没有步骤；按正确顺序写成“1. 第一步”“2. 第二步”")
	case n == 0:
		p.errorf(d.Line, "没有选项；写成%s，排序题要写 type=order；本版本支持的题型：%s", optionFormat, supported)
	case kind == sheet.Order && n < leastSteps:
		p.errorf(d.Line, "排序题至少要有 %d 步", leastSteps)
	case n == 1:
		p.errorf(d.Line, "只有一个选项")
	case kind == sheet.TrueFalse && !d.isTrueFalse():
		p.errorf(d.Line, "判断题的两个选项只能是“%s”和“%s”", affirm, deny)
	case kind != sheet.Order && right == 0:
		p.errorf(d.Line, "没有正确的选项（- [x]）")
	case (kind == sheet.Single || kind == sheet.TrueFalse) && right > 1:
		p.errorf(d.Line, "这道题只能有一个正确的选项，现在有 %d 个", right)
	case kind == sheet.Multiple && right == n:
		p.errorf(d.Line, "每个选项都对，这道题分不出会与不会")
	}
	seen := map[string]bool{}
	for i, o := range d.Options {
		if seen[o.Text] {
			p.errorf(d.lines[i], "两个选项一模一样")
		}
		seen[o.Text] = true
		if kind != sheet.Order && !o.Right && o.Why == "" {
			p.errorf(d.lines[i], "错误的选项要写明为什么有人会选它（下一行“  > 理由”）")
		}
	}
}

// checkSecrets refuses source marks where a learner reads them before
// answering: the source card behind the mark may hold the answer.
func (p *parser) checkSecrets(d *draft) {
	refuse := func(line int, text string) {
		if sourceMark.MatchString(text) {
			p.errorf(line, "题干和选项里不要放出处标记，写到“依据”一行")
		}
	}
	refuse(d.Line, d.heading)
	for i, text := range d.stem.lines {
		refuse(d.stem.first+i, text)
	}
	for i, o := range d.Options {
		refuse(d.lines[i], o.Text)
	}
}

// checkBank reports what is wrong with the front matter and the bank as a whole.
func (p *parser) checkBank(b *Bank) {
	require := func(ok bool, key, format string, args ...any) {
		if !ok {
			p.errorf(p.headerLine(key), format, args...)
		}
	}
	require(slugText.MatchString(b.Slug), "", "文件名应是小写字母、数字和连字符，如 vehicle-walkaround.md")
	require(b.Title != "", "title", "缺少 title（中文标题）")
	require(b.TitleEN != "", "title_en", "缺少 title_en（英文标题）")
	require(moduleRef.MatchString(b.Module), "module", "module 应写成 课程/模块，现在是“%s”", b.Module)
	require(b.Pass >= 1 && b.Pass <= 100, "pass", "pass 应是 1 到 100，现在是 %d", b.Pass)
	require(b.Minutes >= 1 && b.Minutes <= 240, "minutes", "minutes 应是 1 到 240，现在是 %d", b.Minutes)
	require(b.Retake.WaitHours >= 0 && b.Retake.Max >= 1 && b.Retake.WithinDays >= 1, "retake",
		"retake 的 wait_hours 不能小于 0，max 和 within_days 不能小于 1")
	require(len(b.Questions) >= leastQuestions, "", "题库至少要有 %d 道题，现在只有 %d 道", leastQuestions, len(b.Questions))
	p.checkIDs(b)
	p.checkDraw(b)
}

func (p *parser) checkIDs(b *Bank) {
	first := map[string]int{}
	for _, q := range b.Questions {
		if line, ok := first[q.ID]; ok {
			p.errorf(q.Line, "题号“%s”与第 %d 行重复", q.ID, line)
			continue
		}
		first[q.ID] = q.Line
	}
}

// checkDraw makes sure that Draw can fill a paper.
func (p *parser) checkDraw(b *Bank) {
	critical, scored := 0, 0
	for _, q := range b.Questions {
		if q.Critical {
			critical++
		}
		if !q.Pilot {
			scored++
		}
	}
	line, places := p.headerLine("draw"), b.Size-b.pilots()
	switch {
	case b.Size < 1:
		p.errorf(line, "draw 至少是 1，现在是 %d", b.Size)
	case b.Size > len(b.Questions):
		p.errorf(line, "draw 要抽 %d 道题，题库只有 %d 道", b.Size, len(b.Questions))
	case places > scored:
		p.errorf(line, "试卷要 %d 道计分题，题库只有 %d 道（试用题最多占五分之一）", places, scored)
	case critical > places:
		p.errorf(line, "关键题（critical）有 %d 道，试卷只放得下 %d 道计分题", critical, places)
	}
}

// headerLine finds the front matter line of a key; 0 when it has none.
func (p *parser) headerLine(key string) int {
	for i, line := range bytes.Split(p.src, []byte("\n")) {
		if key != "" && bytes.HasPrefix(line, []byte(key+":")) {
			return i + 1
		}
	}
	return 0
}

// checkStyle warns of what a learner could answer by without knowing the matter.
func (p *parser) checkStyle(drafts []*draft) {
	var places []int // of the right option in each single question, 0-based
	longest := 0
	for _, d := range drafts {
		if d.kind() != sheet.Single || d.rightCount() != 1 {
			continue
		}
		place, isLongest := d.rightPlace()
		places = append(places, place)
		if isLongest {
			longest++
		}
	}
	n := len(places)
	if n < leastSingles {
		return
	}
	if longest*100 > longestShare*n {
		p.problems.Warn(p.file, 0, "%d 道单选题里有 %d 道的正确选项最长，超过 %d%%：不会的人选最长的也能过", n, longest, longestShare)
	}
	if place, count := commonest(places); count*100 > placeShare*n {
		p.problems.Warn(p.file, 0, "%d 道单选题里有 %d 道的正确选项写在第 %d 个，换一换位置", n, count, place+1)
	} else if cycle := cycleOf(places); cycle > 0 {
		p.problems.Warn(p.file, 0, "单选题正确选项的位置每 %d 道一循环，打乱一下", cycle)
	}
}

// rightPlace returns where the right option stands and whether it is longer
// than every other, counted in characters.
func (d *draft) rightPlace() (place int, longest bool) {
	length, rest := 0, 0
	for i, o := range d.Options {
		if n := utf8.RuneCountInString(o.Text); o.Right {
			place, length = i, n
		} else {
			rest = max(rest, n)
		}
	}
	return place, length > rest
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
