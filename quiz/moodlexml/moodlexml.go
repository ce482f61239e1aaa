// Package moodlexml reads and writes Moodle XML, the format in which Moodle
// exports whole question banks.
//
// A file that Qibu wrote and reads again gives the same questions. What Moodle
// has no word for stands in comments, "<!-- qibu: key=value -->", which others
// pass over:
//
//	Qibu                                     in Moodle XML                       another program sees
//	single, multiple, true-false, match      the same                            the same
//	fill                                     cloze of short answers              the same
//	numeric                                  numerical with units                the same; factors it cannot write rounded
//	order                                    ordering                            the same
//	hot                                      ordering, places in comments        that ordering, no picture
//	text                                     essay, the model as grader's notes  no rubric
//	case                                     description before its questions    a description
//	id, topic, points, explanation, said     idnumber, tag, defaultgrade …       the same
//	difficulty, critical, pilot, sources …   comments                            nothing
//	right side of a pair                     words only                          words only
//
// The last line is all that is lost between Qibu and Qibu. In the other
// direction pictures and other files, hints, types of question that plug-ins
// add, a description that belongs to no case, tags that are no topic, the
// tolerance of a figure in a cloze and what Markdown cannot say are left behind,
// with a note.
package moodlexml

// The formats a text may be in, as the file names them.
const markdownFormat = "markdown"
