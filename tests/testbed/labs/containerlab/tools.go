//go:build tools

// Package containerlab pins the containerlab program that the lab testbed builds.
package containerlab

import _ "github.com/srl-labs/containerlab"
