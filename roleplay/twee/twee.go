// Package twee reads and writes Twee 3, the plain-text notation of Twine
// stories (Twee 3 Specification, Interactive Fiction Technology Foundation):
// Import makes a 剧本 of one, Export makes one of a scenario. Of the macros that
// story formats add, it knows those of SugarCube and Harlowe that set, compare
// and link. What else there is, is noted.
package twee

import (
	"errors"
	"fmt"
	"strings"

	"qibu/roleplay"
	"qibu/roleplay/draft"
)

// Errors of a story that cannot be taken over. They are said to the trainer.
var (
	errNoPassage      = errors.New("文件里没有段落：段落以“:: 名字”开头")
	errTooMany        = fmt.Errorf("段落太多：剧本最多 %d 个场景", roleplay.MaxScenes)
	errManyArms       = fmt.Errorf("一个条件里的分支太多：最多 %d 个", maxArms)
	errManyConditions = errors.New("条件太多，剧本里写不下")
	errManyOptions    = fmt.Errorf("链接太多：剧本最多 %d 句话术", roleplay.MaxOptions)
	errNoScene        = errors.New("文件里没有故事段落，只有标题、样式或程序")
)

// Names and tags of passages that mean something to Twine, to a story format or
// to this package.
const (
	titlePassage = "StoryTitle"
	dataPassage  = "StoryData"
	initPassage  = "StoryInit"
	startPassage = "Start"

	tagDocument = "document" // it can be looked at and put away again
	tagReply    = "reply"    // it follows one link and leads on
	tagReturn   = "return"   // a link to it leads back to who pushed
	tagEnding   = "ending"
	tagHub      = "hub"
	tagCall     = "call"
	tagNotes    = "notes" // it tells about the story
	tagNoBreaks = "nobr"  // it only shapes the text
)

// known are the tags of passages in the story.
var known = []string{tagDocument, tagReply, tagReturn, tagEnding, tagHub, tagCall, tagNoBreaks}

// apart are passages and tags of no place in the story.
var apart = []string{
	"script", "stylesheet", "widget", "header", "footer", "debug-header", "debug-footer", "debug-startup", "annotation", "Twine.private", "Twine.image",
	"StoryAuthor", "StoryBanner", "StoryCaption", "StoryDisplayTitle", "StoryIncludes", "StoryInterface", "StoryMenu", "StorySettings",
	"StoryShare", "StorySubtitle", "Twee2Settings", "PassageDone", "PassageFooter", "PassageHeader", "PassageReady",
}

// Import makes a 剧本 of the Twee story in src. file is the name the 剧本 is going
// to have, title what it is called unless the story says so.
func Import(file, title string, src []byte) (draft.Draft, error) {
	lines, err := draft.Lines(src)
	if err != nil {
		return draft.Draft{}, err
	}
	if own := titleOf(lines); own != "" {
		title = own
	}
	t := &teller{story: draft.NewStory(title), byName: map[string]*passage{}, broken: map[string]int{}}
	all, err := passages(t.story, lines)
	if err != nil {
		return draft.Draft{}, err
	}
	if err := t.prepare(all); err != nil {
		return draft.Draft{}, err
	}
	if err := t.tell(); err != nil {
		return draft.Draft{}, err
	}
	return t.finish(file)
}

// titleOf is what StoryTitle says.
func titleOf(lines []string) string {
	var words []string
	inside := false
	for _, l := range lines {
		if strings.HasPrefix(l, "::") {
			name, _ := unescape(l[2:], "[{")
			inside = strings.TrimSpace(name) == titlePassage
		} else if inside {
			words = append(words, l)
		}
	}
	return strings.TrimSpace(strings.Join(words, " "))
}
