// Package draft makes a 剧本 of a story that was told in another notation, for a
// trainer to go on with. An importer tells a Story: it opens scenes and, at the
// Place it has come to, says lines, offers options and leads on. What comes out
// is text that package script reads, and notes on what was lost on the way.
package draft

import (
	"fmt"
	"slices"
	"strings"

	"qibu/roleplay"
	"qibu/roleplay/script"
	"qibu/roleplay/stage"
)

// The front matter of a story that brings none.
const (
	customer   = "客户"
	mood       = "情绪"
	neutral    = 50
	competence = "D2"
	passMark   = 60
)

// Over is the way to the end of the story.
var Over = roleplay.Way{To: over}

const over = -2

// Story is a story being told. Scenes and options are meant by the numbers
// given out as they are opened; the first scene is where the story begins.
// Finish puts them in the order of their lines.
type Story struct {
	sc    roleplay.Scenario
	lines []int // of the scenes
	ids   int   // options given out
	parts int   // counted
	names map[string]int
	notes []Note
	noted int
}

// NewStory begins a story of which nothing is known but its title.
func NewStory(title string) *Story {
	return &Story{names: map[string]int{}, sc: roleplay.Scenario{
		Engine: roleplay.EngineVersion, Title: titled(title), Practice: true,
		Cast:       []roleplay.Character{{Label: customer, Name: customer}},
		Meters:     []roleplay.Meter{{Name: mood, Start: neutral}},
		Dimensions: []roleplay.Dimension{{Key: competence, Name: roleplay.Competences[1], Weight: 1}},
		Pass:       []roleplay.Rule{{Kind: stage.RuleTotal, Mark: passMark}},
	}}
}

func titled(title string) string {
	if title = speech(title); title == "" {
		return "没有标题的故事"
	}
	return title
}

// Part counts a part of the story that has been read, so that a file of any size
// ends in bounded time. It fails when a 剧本 cannot hold so many.
func (s *Story) Part() error {
	if s.parts++; s.parts > MaxParts || s.Full() {
		return ErrLong
	}
	return nil
}

// Full reports whether the story has far more scenes or options than a 剧本 can
// hold, so that telling more of it is vain.
func (s *Story) Full() bool {
	return s.ids > 8*roleplay.MaxOptions || len(s.lines) > 8*roleplay.MaxScenes
}

// Scene opens a scene that the story has from that line on.
func (s *Story) Scene(wanted string, line int) int {
	s.sc.Scenes = append(s.sc.Scenes, roleplay.Scene{Name: wanted})
	s.lines = append(s.lines, line)
	return len(s.sc.Scenes) - 1
}

// Ending makes a scene the end of the story.
func (s *Story) Ending(scene int, title string) {
	if title = speech(title); title == "" {
		title = end
	}
	s.sc.Scenes[scene].Ending = title
}

const end = "结束"

// OptionID gives out the number of an option, so that a condition can mean it
// before it is offered.
func (s *Story) OptionID() int {
	s.ids++
	return s.ids - 1
}

// Meter declares a meter. Not ok means that a 剧本 has no place for it.
func (s *Story) Meter(wanted string, start int) (index int, ok bool) {
	switch i := slices.IndexFunc(s.sc.Meters, func(m roleplay.Meter) bool { return m.Name == wanted }); {
	case i >= 0:
		s.sc.Meters[i].Start = start
		return i, true
	case len(s.sc.Meters) == roleplay.MaxMeters || !word.MatchString(wanted) || strings.ContainsAny(wanted, "且或非") ||
		slices.Contains(roleplay.Competences[:], wanted) || wanted == "总分":
		return 0, false
	}
	s.sc.Meters = append(s.sc.Meters, roleplay.Meter{Name: wanted, Start: start})
	return len(s.sc.Meters) - 1, true
}

// Finish puts the story in order and sets it down. file is the name the 剧本 is
// going to have.
func (s *Story) Finish(file string) (Draft, error) {
	s.prune()
	s.close()
	s.order(s.elide())
	sc := &s.sc
	if len(sc.Scenes) > roleplay.MaxScenes || s.ids > roleplay.MaxOptions {
		return Draft{}, fmt.Errorf("故事太长：有 %d 个场景、%d 句话术，剧本最多 %d 个、%d 句",
			len(sc.Scenes), s.ids, roleplay.MaxScenes, roleplay.MaxOptions)
	}
	for i := range sc.Scenes {
		sc.Scenes[i].Name = s.unique(sc.Scenes[i].Name)
	}
	s.voices()
	s.Note(0, "", "原文没有评分：用途写成了“练习”，维度（%s）和及格线只是占位。请补上处境，给每句话术写上得分、点评和依据，让每个结局里客户都说一句话。", sc.Dimensions[0].Name)
	eachLine(sc, s.voice)
	source := Write(sc)
	problems := misread(file, source)
	if problems != nil && s.inline() {
		source = Write(sc)
		problems = misread(file, source)
	}
	if problems != nil {
		return Draft{}, fmt.Errorf("搬出来的剧本读不通：%w", problems)
	}
	return Draft{source, s.report()}, nil
}

func misread(file string, source []byte) error {
	_, problems := script.Parse(file, source)
	return problems.Err()
}
