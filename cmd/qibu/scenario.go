package main

import (
	"encoding/json"
	"fmt"
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

// Run fails when a script has an error, or with --strict a warning.
func (c *scenarioCheck) Run(std console) error {
	bad := 0
	for _, file := range c.Files {
		report, err := compile(file)
		if err != nil {
			return err
		}
		printFindings(std, file, report)
		if report.Has(explore.Error) || c.Strict && report.Has(explore.Warn) {
			bad++
			continue
		}
		std.say("%s: %s", file, summary(report))
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
	report, err := compile(c.File)
	if err != nil {
		return err
	}
	if c.JSON {
		std.say("%s", report.JSON())
		return nil
	}
	printFindings(std, c.File, report)
	std.say("%s", summary(report))
	for _, name := range slices.Sorted(maps.Keys(report.Dimensions)) {
		d := report.Dimensions[name]
		std.say("  %s：最少 %d 分，最多 %d 分", name, d.Min, d.Max)
	}
	for _, name := range slices.Sorted(maps.Keys(report.Bots)) {
		std.say("  %s：%s", name, fared(report.Bots[name]))
	}
	return nil
}

// compile reads a script as `check` reads those that ship: the sources it cites
// are looked up in the shipped inventory.
func compile(file string) (*explore.Report, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("剧本读不出来（cannot read the script）：%w", err)
	}
	facts, problems := courses.LoadFacts(content.FS)
	if err := problems.Err(); err != nil {
		return nil, err
	}
	known := func(id string) bool { _, ok := facts[id]; return ok }
	return explore.Compile(file, text, explore.Facts(known)), nil
}

// printFindings prints errors and warnings with the line they are about.
func printFindings(std console, file string, report *explore.Report) {
	text, _ := os.ReadFile(file) // it was read a moment ago; without it there is nothing to quote
	for _, f := range report.Findings {
		std.say("%s:%s", file, f)
		if quote := script.Quote(text, f.Line); quote != "" {
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
