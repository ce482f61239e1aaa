package main

import (
	"bufio"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"qibu/roleplay"
	"qibu/roleplay/stage"
)

// scenarioPlay plays a role-play in the terminal and explains it at the end.
type scenarioPlay struct {
	File string `arg:"" help:"剧本文件（the script）"`
	Seed string `default:"qibu" help:"随机种子：同一个种子，话术的顺序和客户的性格都一样（the same seed deals the same order and temperament）"`
}

// Run plays until an ending, or until the input ends.
func (c *scenarioPlay) Run(ctx context.Context, std console) error {
	sc, err := c.compiled(std)
	if err != nil {
		return err
	}
	p := &terminalPlay{
		console: std, in: bufio.NewScanner(std.in),
		session: roleplay.Session{Scenario: sc, Seed: sha256.Sum256([]byte(c.Seed)), StartedAt: time.Now().UnixMilli()},
	}
	return p.play(ctx)
}

func (c *scenarioPlay) compiled(std console) (*roleplay.Scenario, error) {
	s, err := compile(c.File)
	if err != nil {
		return nil, err
	}
	if s.Scenario == nil {
		s.printFindings(std)
		return nil, fmt.Errorf("%s 还有错误，改好再演（mend the errors first）", c.File)
	}
	return s.Scenario, nil
}

// terminalPlay is a session in which somebody types what to say.
type terminalPlay struct {
	console
	in      *bufio.Scanner
	session roleplay.Session
	log     []roleplay.Event
	told    int // lines already printed
}

// play goes on until the story has ended or nothing more is typed.
func (p *terminalPlay) play(ctx context.Context) error {
	for ctx.Err() == nil {
		st, err := p.session.Fold(p.log)
		if err != nil {
			return err
		}
		view := p.session.View(st)
		if len(p.log) == 0 {
			p.say("%s\n%s\n", view.Title, view.Customer.Brief)
		}
		p.tell(view.Lines)
		if view.Ended {
			return p.debrief()
		}
		e, err := p.ask(st, view)
		if errors.Is(err, io.EOF) {
			p.say("没演完，先到这儿。")
			return p.in.Err()
		}
		if err != nil {
			return err
		}
		p.log = append(p.log, e)
	}
	return ctx.Err()
}

func (p *terminalPlay) tell(lines []stage.Line) {
	for _, l := range lines[p.told:] {
		p.say("%s", spoken(l))
	}
	p.told = len(lines)
}

// spoken is a line as a script has it.
func spoken(l stage.Line) string {
	switch l.Kind {
	case stage.KindStage:
		return "（" + l.Text + "）"
	case stage.KindMe:
		return "我：" + l.Text
	case stage.KindSilence:
		return "我：……"
	case stage.KindDocument:
		return "【" + l.Who + "】" + strings.ReplaceAll(l.Text, "\n", "\n  ")
	}
	if l.Expression != "" {
		return l.Who + "（" + l.Expression + "）：" + l.Text
	}
	return l.Who + "：" + l.Text
}

// ask shows what can be said and returns what was: the event of an option, of a
// document, or of a silence. What cannot be understood is asked again; the end
// of the input is io.EOF.
func (p *terminalPlay) ask(st roleplay.State, view stage.View) (roleplay.Event, error) {
	p.offer(view)
	for {
		fmt.Fprint(p.out, "> ")
		if !p.in.Scan() {
			return roleplay.Event{}, io.EOF
		}
		now := time.Now().UnixMilli()
		typed := strings.TrimSpace(p.in.Text())
		if typed == "" && view.Deadline > 0 {
			now = max(now, view.Deadline+roleplay.Grace.Milliseconds()+1)
		}
		if e, expired := p.session.Expire(st, now); expired {
			p.say("时间到了，这一次算你没开口。")
			return e, nil
		}
		if token, ok := picked(view, typed); ok {
			e, err := p.session.Resolve(st, token)
			e.At = now
			return e, err
		}
		p.say("输入话术前的数字；看资料输入它前面的字母。")
	}
}

// offer prints the options by number and the unopened documents by letter.
func (p *terminalPlay) offer(view stage.View) {
	p.say("")
	for i, d := range view.Documents {
		if !d.Opened {
			p.say("  %c  看资料：%s", 'a'+rune(i), d.Name)
		}
	}
	topic := ""
	for i, o := range view.Options {
		if o.Topic != topic {
			topic = o.Topic
			p.say("  —— %s", topic)
		}
		p.say("  %d  %s", i+1, o.Text)
	}
	if view.Deadline > 0 {
		p.say("  （限时 %d 秒；直接回车就是不说话）", (view.Deadline-time.Now().UnixMilli()+999)/1000)
	}
}

// picked finds the token of what was typed.
func picked(view stage.View, typed string) (token string, ok bool) {
	if n, err := strconv.Atoi(typed); err == nil && n >= 1 && n <= len(view.Options) {
		return view.Options[n-1].Token, true
	}
	if len(typed) == 1 {
		if d := int(typed[0]) - 'a'; d >= 0 && d < len(view.Documents) && !view.Documents[d].Opened {
			return view.Documents[d].Token, true
		}
	}
	return "", false
}

// debrief prints how it went, shorter than the page does.
func (p *terminalPlay) debrief() error {
	d, err := p.session.Debrief(p.log)
	if err != nil {
		return err
	}
	verdict := "不及格"
	if d.Passed {
		verdict = "及格"
	}
	p.say("\n—— %s ——\n%s，总分 %d", d.Ending, verdict, d.Total)
	for _, x := range d.Dimensions {
		p.say("  %s %d%%（%d 分，最少 %d，最多 %d）", x.Name, x.Percent, x.Earned, x.Min, x.Max)
	}
	for _, r := range d.RedLines {
		p.say("红线：%s\n  你说：%s\n  %s", r.Broken, r.Said, r.Coaching)
	}
	for _, c := range d.Costly {
		p.say("可惜 %d 分：%s\n  你说：%s\n  更好：%s", c.Lost, c.Scene, c.Said, c.Best)
		if c.Coaching != "" {
			p.say("  %s", c.Coaching)
		}
	}
	for _, doc := range d.Unopened {
		p.say("没看的资料：%s", doc.Name)
	}
	return nil
}
