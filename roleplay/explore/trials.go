package explore

import (
	"math/bits"

	"qibu/roleplay"
)

// tried is how many options in a hundred should be chosen in some 试演.
const tried = 60

// lintTrials is rule 18: the 试演 come out as written, and together they go
// through most of the story.
func (x *linter) lintTrials() {
	x.tests.Of = len(x.options)
	var chosen roleplay.Options
	for _, t := range x.script.Trials {
		played, problems := t.Run(x.sc)
		x.tests.Total++
		if len(problems) == 0 {
			x.tests.Passed++
		}
		for _, p := range problems {
			x.add(18, Error, p.Line, "%s", p.Message)
		}
		for i := range chosen {
			chosen[i] |= played.Chosen[i]
		}
	}
	for _, w := range chosen {
		x.tests.Options += bits.OnesCount64(w)
	}
	if 100*x.tests.Options < tried*x.tests.Of {
		x.add(18, Warn, 0, "试演一共只用到%d句话术里的%d句（沉默也算），至少要%d%%：再写几个「## 试演：」，走走别的路", x.tests.Of, x.tests.Options, tried)
	}
}
