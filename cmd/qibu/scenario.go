package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"qibu/content"
	"qibu/courses"
	"qibu/roleplay"
	"qibu/roleplay/explore"
	"qibu/roleplay/script"
)

// scenario gathers what can be done with role-play scripts as files.
type scenario struct {
	Check   scenarioCheck   `cmd:"" help:"检查剧本，逐行报告问题（check scripts）"`
	Explore scenarioExplore `cmd:"" help:"走遍所有走法，输出证明（walk every route and print the proof）"`
	Play    scenarioPlay    `cmd:"" help:"在终端里演一遍（play a script in the terminal）"`
	Replay  scenarioReplay  `cmd:"" help:"重放演练记录，核对结果（play records again and compare）"`
}

// scenarioCheck reports every finding in scripts, one a line, as file:line: message.
type scenarioCheck struct {
	Files  []string `arg:"" name:"file" help:"剧本文件（scripts）"`
	Strict bool     `help:"提醒也算错（warnings fail too）"`
}

// Run fails when a script has an error, or with --strict a warning, or cannot be
// read. The others are checked all the same.
func (c *scenarioCheck) Run(std console) error {
	bad := 0
	for _, file := range c.Files {
		s, err := compile(file)
		if err != nil {
			std.say("%s: %v", file, err)
			bad++
			continue
		}
		s.printFindings(std)
		if s.Has(explore.Error) || c.Strict && s.Has(explore.Warn) {
			bad++
			continue
		}
		std.say("%s: %s", file, summary(s.Report))
	}
	if bad > 0 {
		return fmt.Errorf("%d 个剧本要改（scripts to mend）", bad)
	}
	return nil
}

// scenarioExplore prints what holds over every route through a script.
type scenarioExplore struct {
	File string `arg:"" help:"剧本文件（the script）"`
	JSON bool   `name:"json" help:"输出 JSON（as JSON）"`
}

// Run prints the report of any script that can be read as a file, whatever is
// found in it: to judge by it is check's business.
func (c *scenarioExplore) Run(std console) error {
	s, err := compile(c.File)
	if err != nil {
		return err
	}
	if c.JSON {
		std.say("%s", s.JSON())
		return nil
	}
	s.printFindings(std)
	std.say("%s", summary(s.Report))
	for _, name := range slices.Sorted(maps.Keys(s.Dimensions)) {
		d := s.Dimensions[name]
		std.say("  %s：最少 %d 分，最多 %d 分", name, d.Min, d.Max)
	}
	for _, name := range slices.Sorted(maps.Keys(s.Bots)) {
		std.say("  %s：%s", name, fared(s.Bots[name]))
	}
	return nil
}

// compiled is a script's report, with the text it is about.
type compiled struct {
	*explore.Report
	file string
	text []byte
}

// compile reads a script as `check` reads those that ship: the sources it cites
// are looked up in the shipped inventory.
func compile(file string) (compiled, error) {
	text, err := readScript(file)
	if err != nil {
		return compiled{}, fmt.Errorf("剧本读不出来（cannot read the script）：%w", err)
	}
	facts, problems := courses.LoadFacts(content.FS)
	if err := problems.Err(); err != nil {
		return compiled{}, err
	}
	known := func(id string) bool { _, ok := facts[id]; return ok }
	return compiled{explore.Compile(file, text, explore.Facts(known)), file, text}, nil
}

// readScript reads no more of a file than it takes to see that it is too large.
func readScript(file string) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, script.MaxBytes+1))
}

// printFindings prints errors and warnings with the line they are about.
func (s compiled) printFindings(std console) {
	for _, f := range s.Findings {
		std.say("%s:%s", s.file, f)
		if quote := script.Quote(s.text, f.Line); quote != "" {
			std.say("    %s", quote)
		}
	}
}

// summary says in a line what was proven.
func summary(report *explore.Report) string {
	proven := fmt.Sprintf("已证明：%d 种局面，%s 条走法", report.States, report.Routes)
	if !report.Proven {
		proven = fmt.Sprintf("未证明：走到 %d 种局面为止", report.States)
	}
	line := fmt.Sprintf("%s；试演 %d/%d", proven, report.Tests.Passed, report.Tests.Total)
	if report.Hash != "" {
		line += "；版本 " + report.Hash[:12]
	}
	return line
}

func fared(b explore.Bot) string {
	verdict := "不及格"
	if b.Passed {
		verdict = "及格"
	}
	if b.Plays > 0 {
		return fmt.Sprintf("%s（%d 次里及格 %d 次）", verdict, b.Plays, b.Passes)
	}
	return fmt.Sprintf("%s，总分 %d", verdict, b.Total)
}

// scenarioReplay plays records of sessions again on this engine.
type scenarioReplay struct {
	Files []string `arg:"" name:"file" help:"从演练回放页下载的记录（records, as downloaded from the recording's page）"`
}

// Run fails when a record does not lead where it says it led.
func (c *scenarioReplay) Run(std console) error {
	var differ []string
	for _, file := range c.Files {
		record, err := readRecord(file)
		if err == nil {
			err = record.Replay()
		}
		if err != nil {
			std.say("%s: 对不上：%v（does not replay）", file, err)
			differ = append(differ, file)
			continue
		}
		std.say("%s: 一致：%d 步，%s，总分 %d（replays bit for bit）", file, len(record.Events), record.Outcome.Scene, record.Outcome.Total)
	}
	if len(differ) > 0 {
		return fmt.Errorf("%d 份记录对不上：%s（do not replay）", len(differ), strings.Join(differ, " "))
	}
	return nil
}

func readRecord(file string) (r roleplay.Record, err error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return r, err
	}
	if err := json.Unmarshal(text, &r); err != nil {
		return r, fmt.Errorf("不是演练记录：%w（not a record）", err)
	}
	return r, nil
}
