package quiz

import (
	"regexp"
	"strconv"
	"strings"
)

// What front matter may say.
const (
	mostMinutes = 240 // nobody sits longer
	leastForms  = 2
	mostForms   = 8
)

// Header is the front matter of a bank: the rules of its papers.
type Header struct {
	Title     string         `yaml:"title"`
	TitleEN   string         `yaml:"title_en"`
	Module    string         `yaml:"module"`         // "course/module"
	Draw      int            `yaml:"draw,omitempty"` // questions in a paper; may be left out with a blueprint
	Pass      int            `yaml:"pass"`
	Minutes   int            `yaml:"minutes"`
	Shuffle   bool           `yaml:"shuffle"`
	Retake    Retake         `yaml:"retake,flow"`
	Blueprint []Cell         `yaml:"blueprint,omitempty,flow"`
	Minimum   map[string]int `yaml:"minimum,omitempty,flow"`
	Forms     int            `yaml:"forms,omitempty"`
	Exposure  int            `yaml:"exposure,omitempty"`
}

// NewHeader is the front matter of a bank that leaves out whatever it may.
func NewHeader(title string) Header {
	return Header{Title: title, Shuffle: true, Retake: Retake{WaitHours: 24, Max: 3, WithinDays: 30}}
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
