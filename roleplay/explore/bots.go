package explore

import (
	"unicode/utf8"

	"qibu/roleplay"
)

// bot is somebody who chooses by the look of the options and knows nothing else:
// of those that score highest, the first.
type bot struct {
	name, habit string
	score       func(*roleplay.Option) int
}

// bots in the order in which they are reported. Names are those of the proof.
var bots = []bot{
	{"longest", "总挑最长的", func(o *roleplay.Option) int { return utf8.RuneCountInString(o.Text) }},
	{"first", "总挑第一句", func(*roleplay.Option) int { return 0 }},
	{"politest", "总挑最客气的", func(o *roleplay.Option) int { return count(o.Text, polite) }},
	{"hedged", "总挑最留余地的", func(o *roleplay.Option) int { return count(o.Text, hedging) }},
	{"agreeing", "总挑最顺着客户的", func(o *roleplay.Option) int { return count(o.Text, agreeing) }},
}

// The one who chooses at random: how often, from which seed, and how many
// passes in a thousand are too many.
const (
	randomBot    = "random"
	randomPlays  = 1000
	randomSeed   = 20240301
	randomPasses = 50
)

// lintBots is rule 11: nobody passes an exam without looking at the situation.
func (x *linter) lintBots() {
	level := Error
	if x.sc.Practice {
		level = Warn
	}
	for _, b := range bots {
		r := x.botPlays(b)
		x.bots[b.name] = r
		if r.Passed {
			x.add(11, level, x.frontLine("及格"), "不看情境、%s也能及格（总分%d，到「%s」）：提高及格线，或者改话术，让好的不这么显眼", b.habit, r.Total, r.Ending)
		}
	}
	r := x.randomPlays()
	x.bots[randomBot] = r
	if r.Passed {
		x.add(11, level, x.frontLine("及格"), "闭着眼睛选，%d次里也有%d次及格：提高及格线，或者多几次选择", r.Plays, r.Passes)
	}
}

func (x *linter) botPlays(b bot) (best Bot) {
	scores := make([]int, len(x.options))
	for id, o := range x.options {
		scores[id] = b.score(o)
	}
	for persona := range x.starts {
		p := player{sc: x.sc}
		ended := p.perform(persona, func(options []*roleplay.Option) (pick int) {
			for i, o := range options {
				if scores[o.ID] > scores[options[pick].ID] {
					pick = i
				}
			}
			return pick
		})
		var r Bot
		if ended {
			r = Bot{Passed: p.passed(), Total: p.total(), Ending: x.sc.Scenes[p.at.Scene].Ending}
		}
		if persona == 0 || r.Passed && !best.Passed || r.Passed == best.Passed && r.Total > best.Total {
			best = r
		}
	}
	return best
}

// randomPlays plays at random, less often where there is very much to look at.
// Total is the mean of the plays that ended.
func (x *linter) randomPlays() (r Bot) {
	d := draws(randomSeed)
	sum, ended, looks := 0, 0, 0
	for ; r.Plays < randomPlays && looks < sampleLooks; r.Plays++ {
		p := player{sc: x.sc}
		done := p.perform(r.Plays%len(x.starts), func(options []*roleplay.Option) int { return d.below(len(options)) })
		if looks += p.looks; !done {
			continue
		}
		sum, ended = sum+p.total(), ended+1
		if p.passed() {
			r.Passes++
		}
	}
	r.Passed = thousand*r.Passes > randomPasses*r.Plays
	r.Total = (2*sum + ended) / max(1, 2*ended)
	return r
}
