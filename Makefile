# 七步 Qibu. The two that matter: make demo, make test.

# SQLite is C. Without debug information it compiles in two thirds of the time.
export CGO_ENABLED = 1
export CGO_CFLAGS = -O2

tool = go tool -modfile=internal/tools/go.mod

.PHONY: demo build test generate lint bench

# Build Qibu and open it on this machine, with a company to look at.
demo: build
	bin/qibu demo

build:
	go build -trimpath -o bin/qibu ./cmd/qibu

# Every check and every test there is, on a fresh Debian or Ubuntu with Go and gcc.
test:
	.ci/packages
	.ci/check
	.ci/tests

# Write the Go code of the pages again after changing a *.templ file.
generate:
	$(tool) templ generate -path internal/web

lint:
	$(tool) golangci-lint run

# Speed, for the claims we make about it.
bench:
	go test -run '^$$' -bench . -benchmem ./...
