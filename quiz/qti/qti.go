// Package qti carries questions to and from the packages of 1EdTech's Question
// and Test Interoperability standard. It reads versions 2.1, 2.2 and 3.0, a zip
// with its imsmanifest.xml or a single item, and writes 3.0.
//
// A question is one item with one kind of interaction. Scores are computed by
// the same rules as ours wherever response processing can say them; what it
// cannot, and what an item of others says that we have no word for, is noted.
// Topic, difficulty and the like travel as keywords of the manifest.
package qti

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"qibu/quiz"
	"qibu/quiz/moodle"
	"qibu/quiz/richtext"
)

// The sizes of a package that is read.
const (
	MaxBytes     = 32 << 20 // of the file
	maxFiles     = 2000
	maxPlain     = 32 << 20 // bytes of all files after unzipping
	maxFile      = 4 << 20  // bytes of one
	maxRatio     = 100      // of the bytes after unzipping to those before
	smallFile    = 64 << 10 // bytes after unzipping that are never too many
	maxDepth     = 64       // of one element within another
	maxNodes     = 100_000  // in one file
	maxXML       = 8 << 20  // bytes of all items, which are text
	maxText      = 64 << 10 // bytes of one stem, option or feedback
	maxAnswers   = 200      // options, blanks or accepted answers of one item
	MaxQuestions = 1000
)

// Errors of a package that cannot be read. They are said to the trainer.
var (
	errLarge    = fmt.Errorf("文件太大：最多 %d MB", MaxBytes>>20)
	errZip      = errors.New("压缩包损坏，打不开")
	errFiles    = fmt.Errorf("压缩包里的文件太多：最多 %d 个", maxFiles)
	errSwollen  = fmt.Errorf("压缩包解开太大：全部最多 %d MB，一个文件最多 %d MB，压缩不超过 %d 倍", maxPlain>>20, maxFile>>20, maxRatio)
	errLong     = fmt.Errorf("题目的文字太多：全部最多 %d MB，请分成几个包", maxXML>>20)
	errPath     = errors.New("压缩包里有文件名指向包外，不安全，没有打开")
	errEntity   = errors.New("XML 里有 DOCTYPE 或实体定义，不安全，没有打开：请去掉以后再导入")
	errDeep     = fmt.Errorf("XML 一层套一层，超过 %d 层，读不下去", maxDepth)
	errNodes    = fmt.Errorf("一个 XML 文件里的元素超过 %d 个，读不下去", maxNodes)
	errXML      = errors.New("XML 写得不完整或不是 UTF-8 编码，读不出来")
	errOld      = errors.New("这是 QTI 1.2，只能读 2.1、2.2 和 3.0：请在原来的系统里换一个版本导出")
	errNothing  = errors.New("里面没有题目：要有 imsmanifest.xml 和题目文件，或者就是一个 QTI 题目的 XML")
	errManyItem = fmt.Errorf("题目太多：一次最多 %d 道，请分成几个包", MaxQuestions)
)

// Read reads a package or a single item. An error means that nothing can be
// read; it is in Chinese. An item that is no question of ours is in the notes.
func Read(src []byte) (quiz.Exchange, error) {
	if len(src) > MaxBytes {
		return quiz.Exchange{}, errLarge
	}
	r := reader{stimuli: map[string]string{}}
	var err error
	if bytes.HasPrefix(src, []byte("PK")) {
		err = r.pack(src)
	} else {
		err = r.file(&resource{}, "", src)
	}
	if err != nil {
		return quiz.Exchange{}, err
	}
	if len(r.x.Questions)+len(r.x.Notes) == 0 {
		return quiz.Exchange{}, errNothing
	}
	moodle.Identify(&r.x)
	return r.x, nil
}

// reader gathers the questions of a package.
type reader struct {
	x       quiz.Exchange
	stimuli map[string]string // path of a stimulus → id of its situation
	owed    []owed
}

// owed is a question whose stimulus is looked up when all files are read.
type owed struct {
	question int
	path     string
}

// pack reads the files that the manifest names, in its order.
func (r *reader) pack(src []byte) error {
	files, err := unzip(src)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(files, func(f packed) bool { return path.Base(f.name) == "imsmanifest.xml" })
	if at < 0 {
		return errNothing
	}
	m, err := readManifest(files[at])
	if err != nil {
		return err
	}
	r.x.Title = m.title
	total := 0
	for _, res := range m.resources {
		i := slices.IndexFunc(files, func(f packed) bool { return f.name == res.path })
		if i < 0 {
			r.note(res.id, "清单里写着“%s”，压缩包里没有", res.path)
			continue
		}
		text, err := files[i].read()
		if err != nil {
			return err
		}
		if total += len(text); total > maxXML {
			return errLong
		}
		if err := r.file(&res, res.path, text); err != nil {
			return fmt.Errorf("%s：%w", res.path, err)
		}
	}
	for _, o := range r.owed {
		r.x.Questions[o.question].Case = r.stimuli[o.path]
	}
	return nil
}

// legible is Markdown of a text of a length that people write.
func legible(html string) (text string, lossy []string) {
	if len(html) > maxText {
		return "", []string{fmt.Sprintf("超过 %d KB 的一段文字", maxText>>10)}
	}
	return richtext.Markdown(html)
}

// between is what an id of a situation cannot have in it.
var between = regexp.MustCompile(`[^a-z0-9]+`)

// file reads one XML file: an item, a stimulus, or a test, whose title counts.
func (r *reader) file(res *resource, name string, text []byte) error {
	root, err := parse(text)
	if err != nil {
		return err
	}
	switch root.name {
	case "assessmentitem":
		if len(r.x.Questions) >= MaxQuestions {
			return errManyItem
		}
		return r.item(root, res, name)
	case "assessmentstimulus":
		text, lossy := legible(root.find("stimulusbody").markup(nil))
		id := strings.Trim(between.ReplaceAllString(strings.ToLower(cmp.Or(root.attr["identifier"], res.id)), "-"), "-")
		r.stimuli[name] = id
		r.x.Situations = append(r.x.Situations, quiz.Situation{ID: id, Text: text})
		r.lose(id, lossy)
	case "assessmenttest":
		r.x.Title = cmp.Or(r.x.Title, root.attr["title"])
		if root.find("selection") != nil || root.find("ordering") != nil {
			r.note(res.id, "试卷的抽题和排序规则没有读，只读了题目")
		}
	case "questestinterop":
		return errOld
	default:
		if name == "" {
			return errNothing
		}
	}
	return nil
}

func (r *reader) note(question, format string, args ...any) {
	r.x.Notes = append(r.x.Notes, quiz.Note{Question: question, Text: fmt.Sprintf(format, args...)})
}

func (r *reader) lose(question string, lossy []string) {
	if len(lossy) > 0 {
		r.note(question, "没有带过来：%s", strings.Join(lossy, "、"))
	}
}

// item adds the question of one item, or the reason why it is none.
func (r *reader) item(root *node, res *resource, name string) error {
	it := newItem(root)
	it.describe(res)
	if problem := it.settle(); problem != "" {
		r.note(it.draft.ID, "没有读进来：%s", problem)
		return nil
	}
	if ref := root.find("assessmentstimulusref"); ref != nil && name != "" {
		r.owed = append(r.owed, owed{len(r.x.Questions), path.Join(path.Dir(name), ref.attr["href"])})
	}
	r.x.Questions = append(r.x.Questions, it.draft)
	r.lose(it.draft.ID, it.lossy)
	for _, text := range it.notes {
		r.note(it.draft.ID, "%s", text)
	}
	return nil
}
