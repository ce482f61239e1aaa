package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// commands is everything qibu can be told. Each command is a type with a Run
// method, in the file of its name.
type commands struct {
	Serve    serve       `cmd:"" help:"启动服务（serve Qibu）"`
	Demo     demo        `cmd:"" help:"在本机打开演示：完整课程和一家有历史的服务店（try it out, on this machine only）"`
	Check    check       `cmd:"" help:"检查内容文件，逐行报告问题（check content files）"`
	Scenario scenario    `cmd:"" help:"检查、证明、试演和重放演练剧本（role-play scripts）"`
	Quiz     quizzes     `cmd:"" help:"转换题库文件的格式（files of questions）"`
	Migrate  migrate     `cmd:"" help:"把数据库升级到本程序的版本（bring the database to this version）"`
	User     user        `cmd:"" help:"在服务器上应急管理账号（accounts, for emergencies）"`
	Backup   backup      `cmd:"" help:"不停机备份数据库到一个新文件（copy the database while it is in use）"`
	Version  versionInfo `cmd:"" help:"显示版本（show the version）"`
}

// console is what a command reads and writes.
type console struct {
	in       io.Reader
	out, err io.Writer
}

func (c console) say(format string, args ...any) { fmt.Fprintf(c.out, format+"\n", args...) }

// run carries out one command line and returns the program's exit code: 0 for
// success, 1 when the command failed, 2 when it was not understood.
func run(ctx context.Context, args []string, std console) int {
	parser, err := kong.New(&commands{},
		kong.Name("qibu"),
		kong.Description("七步：4S 店服务顾问的培训、演练与认证（Qibu: training and certification for service advisors）"),
		kong.Writers(std.out, std.err),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(std, slog.New(slog.NewTextHandler(std.err, nil))),
	)
	if err != nil {
		panic(err) // the types above are wrong, whatever the arguments
	}
	if err := checkEnvironment(parser.Model, os.Environ()); err != nil {
		fmt.Fprintln(std.err, "qibu:", err)
		return 2
	}
	command, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintf(std.err, "qibu: 没看懂：%v。用法见 qibu --help（not understood, see --help）\n", err)
		return 2
	}
	if err := command.Run(); err != nil {
		fmt.Fprintln(std.err, "qibu:", err)
		return 1
	}
	return 0
}

// testVariables belong to the tests, which may run in the same shell.
const testVariables = "QIBU_TEST_"

// checkEnvironment refuses a QIBU_ variable that no option reads: it is a
// misspelt setting, and ignoring it would run Qibu with another one.
func checkEnvironment(model *kong.Application, environment []string) error {
	var known []string
	for _, command := range model.Leaves(false) {
		for _, group := range command.AllFlags(false) {
			for _, flag := range group {
				known = append(known, flag.Envs...)
			}
		}
	}
	slices.Sort(known)
	known = slices.Compact(known)
	for _, variable := range environment {
		name, _, _ := strings.Cut(variable, "=")
		if strings.HasPrefix(name, "QIBU_") && !strings.HasPrefix(name, testVariables) && !slices.Contains(known, name) {
			return fmt.Errorf("不认识环境变量 %s，可用的有 %s（unknown environment variable）", name, strings.Join(known, " "))
		}
	}
	return nil
}
