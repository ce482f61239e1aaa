// Package gift reads and writes GIFT, the text format for questions that Moodle
// and many others exchange.
//
// A file that Qibu wrote and reads again gives the same questions. What GIFT has
// no word for stands in comments, "// qibu: key=value", which others pass over:
//
//	Qibu                                    in GIFT                          another program sees
//	single, multiple, true-false, match     the same                         the same
//	fill, one blank                         short answer, missing word       the same
//	fill, several blanks                    essay, the answers in comments   an essay
//	numeric                                 numerical, units in comments     no units
//	order                                   matching of numbers and steps    that matching
//	hot                                     the same, places in comments     that matching, no picture
//	text                                    essay, rubric, model in comments an essay
//	case                                    description before its questions a description
//	id, topic                               [id:…], [tag:…]                  the same
//	difficulty, points, critical, pilot,    comments                         nothing
//	sources, review, said, fixed, exact …
//	right side of a pair, step              words only                       words only
//	-> in a left side                       →                                →
//
// The last two lines are all that is lost between Qibu and Qibu. In the other
// direction a description that belongs to no case, tags that are no topic,
// feedback of a pair and what Markdown cannot say are left behind, with a note.
package gift

import "strings"

// The characters that GIFT writes with a backslash stand for themselves while a
// text is taken apart, as one of these from a private area of Unicode.
const (
	backslash = "\uE000"
	colon     = "\uE001"
	hash      = "\uE002"
	equals    = "\uE003"
	opening   = "\uE004"
	closing   = "\uE005"
	tilde     = "\uE006"
	newline   = "\uE007"
	gap       = "\uE008" // where the answers stood
)

var (
	private  = strings.NewReplacer(backslash, "", colon, "", hash, "", equals, "", opening, "", closing, "", tilde, "", newline, "", gap, "")
	hide     = strings.NewReplacer(`\\`, backslash, `\:`, colon, `\#`, hash, `\=`, equals, `\{`, opening, `\}`, closing, `\~`, tilde, `\n`, newline)
	show     = strings.NewReplacer(backslash, `\`, colon, ":", hash, "#", equals, "=", opening, "{", closing, "}", tilde, "~", newline, "\n")
	rawAgain = strings.NewReplacer(backslash, `\\`, colon, `\:`, hash, `\#`, equals, `\=`, opening, `\{`, closing, `\}`, tilde, `\~`, newline, `\n`)
	escape   = strings.NewReplacer(`\`, `\\`, ":", `\:`, "#", `\#`, "=", `\=`, "{", `\{`, "}", `\}`, "~", `\~`, "\n", `\n`)
)
