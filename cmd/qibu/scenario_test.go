package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"qibu/roleplay"
	"qibu/roleplay/explore"
)

// late is a small script without an error.
const late = `---
标题: 车要晚一个小时
用途: 练习
角色: 客户=赵先生
处境: 下午三点。赵先生的车说好四点交，技师刚告诉你五点才能完。
仪表: 情绪=50
维度: D6 承诺管理
及格: D6>=50
---
## 拨通
客户（匆忙）：喂，车好了？我四点准时到。
资料：工单 | 约定四点交车。
限时：60秒【情绪 --；D6 0】→ 白跑
- 赵先生，四点交不了，要晚到五点。【情绪 -；D6 3】
- 快了快了，您四点来就行。【情绪 ++；D6 0】→ 白跑
## 约好【结局：说在前头】
客户（平静）：行，早点告诉我就好。
## 白跑（旁支）【结局：白跑一趟】
客户（恼火）：你不是说四点来就行吗？
`

func writeScript(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "late.md")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestScenarioCheck(t *testing.T) {
	good := writeScript(t, late)
	if code, out, _ := qibu(t, "", "scenario", "check", good); code != 0 || !strings.Contains(out, "已证明") {
		t.Errorf("exit %d\n%s", code, out)
	}
	bad := writeScript(t, strings.Replace(late, "→ 白跑\n## 约好", "→ 白袍\n## 约好", 1))
	code, out, _ := qibu(t, "", "scenario", "check", good, bad)
	for _, want := range []string{bad + ":15: 场景「白袍」不存在，是否指「白跑」？", "    - 快了快了，您四点来就行。"} {
		if !strings.Contains(out, want) {
			t.Errorf("missing %q in\n%s", want, out)
		}
	}
	if code != 1 {
		t.Errorf("exit %d, want 1", code)
	}
	if code, _, _ := qibu(t, "", "scenario", "check", "--strict", good); code != 1 {
		t.Errorf("strict: exit %d, want 1: options without 点评 are worth a warning", code)
	}
	code, out, _ = qibu(t, "", "scenario", "check", "nowhere.md", good)
	if code != 1 || !strings.Contains(out, "nowhere.md: 剧本读不出来") || !strings.Contains(out, good+": 已证明") {
		t.Errorf("a missing file, and another: exit %d\n%s", code, out)
	}
	if code, out, _ := qibu(t, "", "scenario", "check", "/dev/zero"); code != 1 || !strings.Contains(out, "文件太大") {
		t.Errorf("a file without an end: exit %d\n%s", code, out)
	}
}

func TestScenarioExplore(t *testing.T) {
	code, out, _ := qibu(t, "", "scenario", "explore", "--json", writeScript(t, late))
	var report explore.Report
	if err := json.Unmarshal([]byte(out), &report); err != nil || code != 0 {
		t.Fatalf("exit %d, %v\n%s", code, err, out)
	}
	if d := report.Dimensions["承诺管理"]; !report.Proven || d != (explore.Bounds{Min: 0, Max: 3}) || report.Routes != "3" {
		t.Errorf("%+v", report.Proof)
	}
	code, out, _ = qibu(t, "", "scenario", "explore", writeScript(t, late))
	if code != 0 || !strings.Contains(out, "承诺管理：最少 0 分，最多 3 分") {
		t.Errorf("exit %d\n%s", code, out)
	}
}

func TestScenarioPlay(t *testing.T) {
	file := writeScript(t, late)
	_, out, _ := qibu(t, "", "scenario", "play", file)
	honest := "1"
	if strings.Contains(out, "2  赵先生") {
		honest = "2"
	}
	cases := []struct{ name, typed, want string }{
		{"a document and an option", "a\n" + honest + "\n", "及格，总分 100"},
		{"what is not offered is asked again", "7\nb\n" + honest + "\n", "输入话术前的数字"},
		{"silence", "\n", "我：……"},
		{"the input ends", "a\n", "没演完"},
	}
	for _, c := range cases {
		if code, out, log := qibu(t, c.typed, "scenario", "play", file); code != 0 || !strings.Contains(out, c.want) {
			t.Errorf("%s: exit %d, want %q in\n%s%s", c.name, code, c.want, out, log)
		}
	}
	if _, out, _ := qibu(t, "a\n"+honest+"\n", "scenario", "play", file); !strings.Contains(out, "【工单】约定四点交车。") {
		t.Errorf("the document was not shown:\n%s", out)
	}
	bad := writeScript(t, strings.Replace(late, "## 约好【结局：说在前头】", "## 约好", 1))
	if code, _, _ := qibu(t, "1\n", "scenario", "play", bad); code != 1 {
		t.Errorf("a script with an error was played: exit %d", code)
	}
}

func TestScenarioReplay(t *testing.T) {
	sc := explore.Compile("late.md", []byte(late)).Scenario
	log := []roleplay.Event{{Step: 0, Kind: roleplay.Open, Ref: "工单", At: 1}, {Step: 1, Kind: roleplay.Choose, Ref: "拨通#1", At: 2}}
	record, err := roleplay.Session{Scenario: sc, Exam: true}.Record(log)
	if err != nil {
		t.Fatal(err)
	}
	write := func(name string) string {
		data, err := json.Marshal(record)
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	honest := write("honest.json")
	if code, out, _ := qibu(t, "", "scenario", "replay", honest); code != 0 || !strings.Contains(out, "一致") {
		t.Errorf("exit %d\n%s", code, out)
	}
	record.Outcome.Total--
	forged := write("forged.json")
	code, out, log2 := qibu(t, "", "scenario", "replay", honest, forged)
	if code != 1 || !strings.Contains(out, "forged.json: 对不上") || !strings.Contains(log2, "forged.json") {
		t.Errorf("exit %d\n%s%s", code, out, log2)
	}
}
