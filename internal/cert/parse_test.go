package cert_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"qibu/internal/cert"
)

const policyFile = `# 第二级
title: 认证服务顾问
title_en: Certified Service Advisor
level: L2
validity_months: 24
initial:
  - {kind: module, ref: seven-steps/vehicle-walkaround, title: 环车检查}
  - {kind: quiz, ref: exam-l2, mark: 85, title: L2 统考}
  - {kind: scenario, ref: rp01-covers, mark: 75, no_red_line: true, title: 演练 RP01}
  - {kind: observation, ref: O6, title: 实操 O6}
renewal:
  - {kind: quiz, ref: renewal-l2, mark: 85, title: 复证卷}
`

func TestParse(t *testing.T) {
	got, problems := cert.Parse("certifications/l2-certified.yaml", []byte(policyFile))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	want := &cert.Policy{
		Slug: "l2-certified", Level: "L2", Title: "认证服务顾问", TitleEN: "Certified Service Advisor",
		Version: got.Version, ValidityMonths: 24, Basis: cert.LaterOf, WindowDays: 60, GraceDays: 30,
		Initial: []cert.Requirement{
			{Kind: cert.Module, Ref: "seven-steps/vehicle-walkaround", Title: "环车检查"},
			{Kind: cert.Quiz, Ref: "exam-l2", Mark: 85, Title: "L2 统考"},
			{Kind: cert.Scenario, Ref: "rp01-covers", Mark: 75, NoRedLine: true, Title: "演练 RP01"},
			{Kind: cert.Observation, Ref: "O6", Title: "实操 O6"},
		},
		Renewal: []cert.Requirement{{Kind: cert.Quiz, Ref: "renewal-l2", Mark: 85, Title: "复证卷"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestParseFixedAnchor(t *testing.T) {
	src := strings.Replace(policyFile, "validity_months: 24", "validity_months: 24\nbasis: fixed_anchor\nanchor: 02-29\nmin_active_days: 200\nwindow_days: 45\ngrace_days: 0", 1)
	got, problems := cert.Parse("l2.yaml", []byte(src))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if got.Basis != cert.FixedAnchor || got.AnchorMonth != 2 || got.AnchorDay != 29 || got.MinActiveDays != 200 || got.WindowDays != 45 || got.GraceDays != 0 {
		t.Errorf("%+v", got)
	}
}

// The version follows the rules, not the layout of the file.
func TestVersion(t *testing.T) {
	version := func(src string) string {
		p, problems := cert.Parse("l2.yaml", []byte(src))
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		return p.Version
	}
	base := version(policyFile)
	if len(base) != 16 || strings.Trim(base, "0123456789abcdef") != "" {
		t.Errorf("version %q", base)
	}
	if got := version(strings.Replace(policyFile, "# 第二级", "# 改了注释\n", 1) + "\nwindow_days: 60 # 写出默认值\n"); got != base {
		t.Error("layout and defaults written out changed the version")
	}
	for _, edit := range [][2]string{{"mark: 85, title: L2", "mark: 86, title: L2"}, {"no_red_line: true", "no_red_line: false"}, {"ref: O6", "ref: O7"}, {"validity_months: 24", "validity_months: 12"}} {
		if version(strings.Replace(policyFile, edit[0], edit[1], 1)) == base {
			t.Errorf("%s did not change the version", edit[1])
		}
	}
}

func TestParseProblems(t *testing.T) {
	tests := []struct{ name, old, new, want string }{
		{"unknown key", "level: L2", "level: L2\nvalidity: 12", "l2.yaml:5: 不认识的键 validity，"},
		{"key twice", "level: L2", "level: L2\nlevel: L3", "l2.yaml:5: 键 level 写了两次"},
		{"missing title", "title: 认证服务顾问\n", "", "缺少 title"},
		{"empty title", "title: 认证服务顾问", `title: " "`, "l2.yaml:2: title 是空的"},
		{"text without quotes", "title: 认证服务顾问", "title: 2026", "l2.yaml:2: title 要写成文字"},
		{"level", "level: L2", "level: 二级", "l2.yaml:4: level 写成 二级，应当像 L2"},
		{"months missing", "validity_months: 24\n", "", "缺少 validity_months"},
		{"months out of bounds", "validity_months: 24", "validity_months: 0", "l2.yaml:5: validity_months 要写成 1 到 120 的整数"},
		{"months not a number", "validity_months: 24", "validity_months: 两年", "l2.yaml:5: validity_months 要写成"},
		{"unknown basis", "level: L2", "level: L2\nbasis: yearly", "l2.yaml:5: basis 只能是 completion、previous_expiry、later_of、fixed_anchor"},
		{"anchor without its basis", "level: L2", "level: L2\nanchor: 12-31", "l2.yaml:5: anchor 只用于 basis: fixed_anchor"},
		{"no such anchor", "level: L2", "level: L2\nbasis: fixed_anchor\nanchor: 02-30", "l2.yaml:6: anchor 写成 02-30"},
		{"anchor missing", "level: L2", "level: L2\nbasis: fixed_anchor", "缺少 anchor"},
		{"anchored to part of a year", "validity_months: 24", "validity_months: 18\nbasis: fixed_anchor\nanchor: 12-31", "l2.yaml:5: basis: fixed_anchor 时 validity_months 要是 12 的倍数"},
		{"anchored for less than the window", "level: L2", "level: L2\nbasis: fixed_anchor\nanchor: 12-31\nmin_active_days: 60", "l2.yaml:7: min_active_days 是 60 天，要长于 window_days 60 天"},
		{"window as long as the period", "validity_months: 24", "validity_months: 2", "window_days 是 60 天，要短于有效期 2 个月"},
		{"no initial", "initial:", "lapsed:", "缺少 initial"},
		{"empty list", "renewal:\n", "lapsed:\nrenewal:\n", "l2.yaml:11: lapsed 要写成列表"},
		{"not a mapping", "  - {kind: observation, ref: O6, title: 实操 O6}", "  - O6", "l2.yaml:10: 这里要写成“键: 值”"},
		{"kind", "kind: observation, ref: O6", "kind: habit, ref: O6", "l2.yaml:10: kind 只能是 module、quiz、scenario、observation、practice"},
		{"practice without days", "kind: observation, ref: O6", "kind: practice, ref: exam-l2, mark: 80, answers: 40", "l2.yaml:10: 缺少 days"},
		{"practice without answers", "kind: observation, ref: O6", "kind: practice, ref: exam-l2, mark: 80, days: 5", "l2.yaml:10: 缺少 answers"},
		{"practice without a mark", "kind: observation, ref: O6", "kind: practice, ref: exam-l2, answers: 40, days: 5", "l2.yaml:10: 缺少 mark"},
		{"more days than there are", "kind: observation, ref: O6", "kind: practice, ref: exam-l2, mark: 80, answers: 40, days: 31", "l2.yaml:10: days 是 31 天，不能多于 within_days 30 天"},
		{"days of a quiz", "ref: exam-l2, mark: 85", "ref: exam-l2, mark: 85, days: 3", "l2.yaml:8: days 只用于 practice"},
		{"observation ref", "ref: O6", "ref: O0", "l2.yaml:10: ref 写成 O0，应当像 O6"},
		{"module ref", "ref: seven-steps/vehicle-walkaround", "ref: vehicle-walkaround", "l2.yaml:7: ref 写成 vehicle-walkaround"},
		{"quiz ref", "ref: exam-l2", "ref: Exam_L2", "l2.yaml:8: ref 写成 Exam_L2"},
		{"mark missing", "ref: exam-l2, mark: 85", "ref: exam-l2", "l2.yaml:8: 缺少 mark"},
		{"mark out of bounds", "ref: exam-l2, mark: 85", "ref: exam-l2, mark: 101", "l2.yaml:8: mark 要写成 1 到 100 的整数"},
		{"mark where there is none", "ref: O6", "ref: O6, mark: 80", "l2.yaml:10: mark 只用于 quiz、scenario 和 practice"},
		{"red line of a quiz", "ref: exam-l2, mark: 85", "ref: exam-l2, mark: 85, no_red_line: true", "l2.yaml:8: no_red_line 只用于 scenario"},
		{"red line in words", "no_red_line: true", "no_red_line: 是", "l2.yaml:9: no_red_line 要写成 true 或 false"},
		{"same requirement twice", "  - {kind: observation, ref: O6, title: 实操 O6}", "  - {kind: quiz, ref: exam-l2, mark: 90, title: 再考}", "l2.yaml:10: 要求 quiz exam-l2 重复，第 8 行已经写过"},
		{"reading alone", "renewal:\n", "lapsed:\n  - {kind: module, ref: seven-steps/intro, title: 导论}\nrenewal:\n", "l2.yaml:12: lapsed 只有阅读"},
		{"not YAML", "level: L2", "level: [L2", "YAML 读不懂"},
		{"two documents", "level: L2", "level: L2\n---\ntitle: 又一份", "一个文件只写一份内容"},
		{"nothing", policyFile, "# 只有注释", "l2.yaml: 文件是空的"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if !strings.Contains(policyFile, tt.old) {
				t.Fatalf("the file has no %q to change", tt.old)
			}
			p, problems := cert.Parse("l2.yaml", []byte(strings.Replace(policyFile, tt.old, tt.new, 1)))
			if p != nil || !strings.Contains(problems.Error(), tt.want) {
				t.Errorf("got %v\nwant %s", problems, tt.want)
			}
		})
	}
	if _, problems := cert.Parse("L2 认证.yaml", []byte(policyFile)); !strings.Contains(problems.Error(), "文件名要用小写字母") {
		t.Errorf("file name: %v", problems)
	}
}

func TestParseObservation(t *testing.T) {
	src := `items:
  - id: O5
    star: true
    title: 三件套
    title_en: Protective covers
    criterion: 当着客户的面铺好座椅防尘套、转向盘防尘套和脚垫。
    sources: [S4-035, S4-036]
  - id: O8
    title: 难判断的故障
    title_en: Faults hard to judge
    criterion: 说明情况、引导休息、立即告知车间主管。
`
	got, problems := cert.ParseObservation("observation.yaml", []byte(src))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	want := []cert.ObservationItem{
		{ID: "O5", Star: true, Title: "三件套", TitleEN: "Protective covers", Criterion: "当着客户的面铺好座椅防尘套、转向盘防尘套和脚垫。", Sources: []string{"S4-035", "S4-036"}},
		{ID: "O8", Title: "难判断的故障", TitleEN: "Faults hard to judge", Criterion: "说明情况、引导休息、立即告知车间主管。"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for _, tt := range []struct{ old, new, want string }{
		{"id: O8", "id: O5", "observation.yaml:8: 观察项 O5 重复，第 2 行已经写过"},
		{"star: true", "star: ★", "observation.yaml:3: star 要写成"},
		{"S4-036", "4-36", "observation.yaml:7: sources 里要写依据编号"},
		{"criterion: 说明", "criteria: 说明", "observation.yaml:11: 不认识的键 criteria"},
		{"items:", "list:", "缺少 items"},
	} {
		items, problems := cert.ParseObservation("observation.yaml", []byte(strings.Replace(src, tt.old, tt.new, 1)))
		if items != nil || !strings.Contains(problems.Error(), tt.want) {
			t.Errorf("got %v\nwant %s", problems, tt.want)
		}
	}
}

func TestParsePractice(t *testing.T) {
	src := strings.Replace(policyFile, "renewal:\n", "renewal:\n  - {kind: practice, ref: exam-l2, mark: 80, days: 5, answers: 40, title: 平时练习}\n", 1)
	got, problems := cert.Parse("l2.yaml", []byte(src))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	want := cert.Requirement{Kind: cert.Practice, Ref: "exam-l2", Mark: 80, Days: 5, Within: 30, Answers: 40, Title: "平时练习"}
	if diff := cmp.Diff(want, got.Renewal[0]); diff != "" {
		t.Error(diff)
	}
}

// What rules did not have before they could ask for practice leaves the versions
// of those that do not as they were.
func TestVersionsOutliveTheProgram(t *testing.T) {
	p, problems := cert.Parse("l2.yaml", []byte(policyFile))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if p.Version != "20cc57691b171f98" {
		t.Errorf("version %s", p.Version)
	}
}
