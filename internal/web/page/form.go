package page

import (
	"errors"
	"io"
	"reflect"
	"strings"
	"sync"

	"github.com/go-playground/locales/en"
	"github.com/go-playground/locales/zh"
	ut "github.com/go-playground/universal-translator"
	"github.com/go-playground/validator/v10"
	entext "github.com/go-playground/validator/v10/translations/en"
	zhtext "github.com/go-playground/validator/v10/translations/zh"
	"github.com/gofiber/fiber/v2"

	"qibu/internal/fault"
	"qibu/internal/i18n"
)

// maxFields bounds how many values a form may send.
const maxFields = 2000

// Form decodes and validates a form into T, a struct with only the fields a
// person may set: `form:"name"` names the input, `validate:"…"` its shape and
// `label:"key"` the catalogue key of its name in messages. Text is trimmed first,
// unless `trim:"no"` says that white space matters. A wrong shape is
// fault.Invalid with a message per field.
func Form[T any](r *Request) (T, error) {
	return decode[T](r, fiber.MIMEApplicationForm)
}

// LongForm is Form for a form with a long text or a file. Browsers send it as
// multipart, in which Chinese takes a third of the room.
func LongForm[T any](r *Request) (T, error) {
	if strings.HasPrefix(r.c.Get(fiber.HeaderContentType), fiber.MIMEMultipartForm) {
		return decode[T](r, fiber.MIMEMultipartForm)
	}
	return Form[T](r)
}

func decode[T any](r *Request, contentType string) (T, error) {
	var form T
	if !strings.HasPrefix(r.c.Get(fiber.HeaderContentType), contentType) {
		return form, fault.New(fault.Invalid, "error.bad_request")
	}
	if r.fields() > maxFields {
		return form, fault.New(fault.TooLarge, "error.too_large")
	}
	if err := r.c.BodyParser(&form); err != nil {
		return form, fault.Wrap(fault.Invalid, "error.bad_request", err)
	}
	trim(reflect.ValueOf(&form).Elem())
	return form, Validate(r.Text, form)
}

// fields counts the values a form sends.
func (r *Request) fields() int {
	n := r.c.Request().PostArgs().Len()
	if form, err := r.c.MultipartForm(); err == nil {
		for _, values := range form.Value {
			n += len(values)
		}
	}
	return n
}

// Upload returns the file that a LongForm was sent with under name; both are
// empty when none was chosen.
func (r *Request) Upload(name string) (filename string, content []byte, err error) {
	header, err := r.c.FormFile(name)
	if err != nil || header.Size == 0 {
		return "", nil, nil //nolint:nilerr // no file is no mistake
	}
	file, err := header.Open()
	if err != nil {
		return "", nil, fault.Wrap(fault.Invalid, "error.bad_request", err)
	}
	defer file.Close()
	content, err = io.ReadAll(file) // bounded as the whole body is
	return header.Filename, content, err
}

// JSONBody decodes and validates a JSON body, for the few addresses scripts call.
func JSONBody[T any](r *Request) (T, error) {
	var body T
	if !strings.HasPrefix(r.c.Get(fiber.HeaderContentType), fiber.MIMEApplicationJSON) {
		return body, fault.New(fault.Invalid, "error.bad_request")
	}
	if err := r.c.BodyParser(&body); err != nil {
		return body, fault.Wrap(fault.Invalid, "error.bad_request", err)
	}
	return body, Validate(r.Text, body)
}

// trim removes white space around every text of a form.
func trim(v reflect.Value) {
	for i := range v.NumField() {
		if v.Type().Field(i).Tag.Get("trim") == "no" {
			continue
		}
		switch f := v.Field(i); f.Kind() {
		case reflect.String:
			f.SetString(strings.TrimSpace(f.String()))
		case reflect.Slice:
			if f.Type().Elem().Kind() == reflect.String {
				for j := range f.Len() {
					f.Index(j).SetString(strings.TrimSpace(f.Index(j).String()))
				}
			}
		}
	}
}

type checker struct {
	validate *validator.Validate
	texts    map[string]ut.Translator
}

var forms = sync.OnceValue(func() checker {
	v := validator.New(validator.WithRequiredStructEnabled())
	uni := ut.New(zh.New(), zh.New(), en.New())
	texts := map[string]ut.Translator{}
	for lang, register := range map[string]func(*validator.Validate, ut.Translator) error{
		"zh": zhtext.RegisterDefaultTranslations, "en": entext.RegisterDefaultTranslations,
	} {
		texts[lang], _ = uni.GetTranslator(lang)
		if err := register(v, texts[lang]); err != nil {
			panic(err) // compiled in: a broken translation is a broken build
		}
	}
	return checker{validate: v, texts: texts}
})

// Validate checks the shape of a form and says what is wrong in the printer's
// language. Rules of the trade are not its business.
func Validate(text *i18n.Printer, form any) error {
	err := forms().validate.Struct(form)
	if err == nil {
		return nil
	}
	var wrong validator.ValidationErrors
	if !errors.As(err, &wrong) {
		return err
	}
	f := fault.New(fault.Invalid, "error.invalid")
	for _, w := range wrong {
		name, label := naming(form, w.StructField())
		f.Fields = append(f.Fields, fault.Field{Name: name, Message: message(text, w, label)})
	}
	return f
}

// message says what is wrong with one input. An input without a label is one that
// people do not fill in: only a broken page or a script gets it wrong. What could
// have been chosen stands on the page, so its inner names are not told.
func message(text *i18n.Printer, w validator.FieldError, label string) string {
	switch {
	case label == "":
		return text.T("error.bad_request")
	case w.Tag() == "oneof":
		return text.T("error.no_choice", "label", text.T(label))
	}
	return strings.Replace(w.Translate(forms().texts[text.Lang()]), w.Field(), text.T(label), 1)
}

// naming returns the input's name and the catalogue key of its label.
func naming(form any, field string) (name, label string) {
	t := reflect.TypeOf(form)
	f, ok := t.FieldByName(strings.SplitN(field, "[", 2)[0])
	if !ok {
		return field, ""
	}
	name = f.Tag.Get("form")
	if name == "" {
		name = f.Tag.Get("json")
	}
	return name, f.Tag.Get("label")
}
