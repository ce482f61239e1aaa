package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"slices"
	"strings"

	"qibu/internal/academy"
	"qibu/internal/fault"
	"qibu/internal/i18n"
	"qibu/internal/people"
)

// user manages accounts from the server, for when nobody can log in any more.
type user struct {
	List     userList     `cmd:"" help:"列出所有人（list everybody）"`
	Add      userAdd      `cmd:"" help:"添加一个人，密码从键盘读（add a person, the password is asked for）"`
	Password userPassword `cmd:"" help:"给一个人换临时密码（give a person a temporary password）"`
}

// atConsole is who does things from the server's command line. Whoever can run
// commands there has the database anyway; the audit list names the way.
var atConsole = people.Actor{Name: "命令行", Roles: []people.Role{people.Admin}}

// office is what the user commands need. SQLite's data directory is free for
// them only while Qibu does not serve from it.
type office struct {
	database
	curriculum
	organisation
}

// with opens the academy for the time of one command.
func (o office) with(ctx context.Context, log *slog.Logger, do func(*academy.Academy) error) error {
	library, err := o.load()
	if err != nil {
		return err
	}
	s, err := o.open(ctx)
	if err != nil {
		return err
	}
	a, err := openAcademy(ctx, s, library, o.organisation, log)
	if err == nil {
		err = plain(do(a))
	}
	return errors.Join(err, s.Close())
}

// plain turns an error meant for a page into the text the page would show.
func plain(err error) error {
	var f *fault.Error
	if errors.As(err, &f) && f.Kind != fault.Internal {
		return errors.New(i18n.For("zh").With(f.Key, f.Args))
	}
	return err
}

type userList struct{ office }

// Run lists everybody, those who left included.
func (u *userList) Run(ctx context.Context, std console, log *slog.Logger) error {
	return u.with(ctx, log, func(a *academy.Academy) error {
		everybody, err := all(ctx, a)
		for _, p := range everybody {
			left := ""
			if p.Left() {
				left = "\t已离职"
			}
			std.say("%s\t%s\t%s\t%s\t%s%s", p.StaffNo, p.Account, p.Name, p.Store, roleNames(p.Roles), left)
		}
		return err
	})
}

// all reads the list of people page by page.
func all(ctx context.Context, a *academy.Academy) (everybody []people.Person, err error) {
	for number := 1; ; number++ {
		list, err := a.People(ctx, atConsole, academy.PeopleQuery{Leavers: true, Page: number})
		if err != nil {
			return nil, err
		}
		everybody = append(everybody, list.People...)
		if number >= list.Pages {
			return everybody, nil
		}
	}
}

func roleNames(roles []people.Role) string {
	names := make([]string, len(roles))
	for i, role := range roles {
		names[i] = string(role)
	}
	return strings.Join(names, ",")
}

type userAdd struct {
	office
	Account string   `required:"" help:"登录名（login name）"`
	StaffNo string   `required:"" help:"工号（staff number）"`
	Name    string   `required:"" help:"姓名（name）"`
	Store   string   `required:"" help:"门店，没有就新建（store, made if there is none of that name）"`
	Post    string   `help:"岗位（post）"`
	Role    []string `default:"admin" enum:"advisor,trainer,hr,admin" help:"角色，逗号分开（roles: advisor, trainer, hr, admin）"`
}

// Run adds a person, who has to choose another password at the first login.
func (u *userAdd) Run(ctx context.Context, std console, log *slog.Logger) error {
	return u.with(ctx, log, func(a *academy.Academy) error {
		storeID, err := storeCalled(ctx, a, u.Store)
		if err != nil {
			return err
		}
		password, err := askPassword(ctx, std)
		if err != nil {
			return err
		}
		form := academy.PersonForm{
			Account: u.Account, StaffNo: u.StaffNo, Name: u.Name, StoreID: storeID, Post: u.Post,
			TimeFactor: 100, Password: password,
		}
		for _, role := range u.Role {
			form.Roles = append(form.Roles, people.Role(role))
		}
		if _, err := a.AddPerson(ctx, atConsole, form); err != nil {
			return err
		}
		std.say("已添加 %s（%s），第一次登录要换密码（added）", u.Name, u.Account)
		return nil
	})
}

// storeCalled returns the id of the store of that name, which it makes if need be.
func storeCalled(ctx context.Context, a *academy.Academy, name string) (string, error) {
	find := func() (string, error) {
		stores, err := a.Stores(ctx, atConsole)
		for _, s := range stores {
			if s.Name == name {
				return s.ID, err
			}
		}
		return "", err
	}
	id, err := find()
	if err != nil || id != "" {
		return id, err
	}
	if err := a.AddStore(ctx, atConsole, name); err != nil {
		return "", err
	}
	return find()
}

type userPassword struct {
	office
	Login string `arg:"" help:"登录名或工号（login name or staff number）"`
}

// Run sets a temporary password and ends the person's logins.
func (u *userPassword) Run(ctx context.Context, std console, log *slog.Logger) error {
	return u.with(ctx, log, func(a *academy.Academy) error {
		everybody, err := all(ctx, a)
		if err != nil {
			return err
		}
		login := people.NormalizeLogin(u.Login)
		i := slices.IndexFunc(everybody, func(p people.Person) bool {
			return p.Account == login || people.NormalizeLogin(p.StaffNo) == login
		})
		if i < 0 {
			return fmt.Errorf("没有登录名或工号是 %s 的人（nobody has this login name）", u.Login)
		}
		p := everybody[i]
		password, err := askPassword(ctx, std)
		if err != nil {
			return err
		}
		err = a.SavePerson(ctx, atConsole, p.ID, academy.PersonForm{
			Account: p.Account, StaffNo: p.StaffNo, Name: p.Name, StoreID: p.StoreID, Post: p.Post,
			TimeFactor: p.TimeFactor, Roles: p.Roles, Left: p.Left(), Password: password,
		})
		if err == nil {
			std.say("%s 的临时密码已设好，下次登录要换（password set）", p.Name)
		}
		return err
	})
}

// askPassword reads a password from the input, which is not shown while it is
// typed. It is never an argument: arguments are in the process list.
func askPassword(ctx context.Context, std console) (string, error) {
	fmt.Fprint(std.err, "临时密码（temporary password）：")
	echo(ctx, "-echo")
	defer echo(context.WithoutCancel(ctx), "echo")
	line := make(chan string, 1)
	go func() {
		text, err := bufio.NewReader(std.in).ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			text = ""
		}
		line <- strings.TrimRight(text, "\r\n")
	}()
	select {
	case password := <-line:
		fmt.Fprintln(std.err)
		return password, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// echo turns the terminal's echo on or off. Without a terminal there is nothing
// to turn off, so a failure does not matter.
func echo(ctx context.Context, setting string) {
	command := exec.CommandContext(ctx, "stty", setting)
	command.Stdin = os.Stdin
	_ = command.Run()
}
