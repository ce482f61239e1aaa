package quiz

import "qibu/internal/fault"

// mostProblems is how many problems of a file Parse lists. Whoever has more
// mends these first.
const mostProblems = 100

// Parse reads a bank and judges whether it may be published. The problems are all
// findings at once, in Chinese with line numbers; with an error among them there
// is no bank.
//
// A bank is YAML front matter (Header) and one "## " section per question:
//
//	## 三件套应在什么时候铺？ {#covers-when topic=D5 difficulty=1 points=2 critical}
//	More of the stem, any Markdown.
//	- [ ] a wrong option
//	  > why someone would choose it
//	- [x] a right option
//
//	解析：an explanation, optional
//
//	依据：S4-035、S1-008 · 复习：seven-steps/vehicle-walkaround#covers
//
// The kind follows from the options: one right, several right, or 对 and 错. With
// "- [50%]" or "- [-25%]" an option earns or costs part of the points. The other
// kinds are named, type=…, and have in place of the options:
//
//	order    1. the first step, 2. the second, in the right order
//	match    | left | right | rows of a table; one without a left misleads
//	fill     {{55%|[50%] 五十五}} in the stem, or {{}} there and (1)= 55% below
//	numeric  = 3 ± 0.5, = [50%] 3 ± 1; 单位：天、小时=1/24
//	hot      ![what it shows](img/car-top.svg) 400×720, then 1. 左前门 (30%, 25%)
//	text     评分： with - what is looked for (2); 参考： a model answer
//	case     a situation; its questions follow as "### " sections
//
// The attributes are topic (D1–D8), difficulty (1–3), points (1–10, default 1),
// critical, pilot, void, fixed, exact, by-value and words. 答对：, 部分对： and 答错：
// are said of the answer as a whole; 名称： and 分类： are for authors only. A
// backslash in front of a line that would mean something makes it text.
func Parse(file string, src []byte) (*Bank, fault.Problems) {
	in := Inspect(file, src)
	if in.Problems.Err() != nil {
		return nil, in.Problems
	}
	return in.Bank, in.Problems
}
