# Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# complete.sh COMPLETION TOOL: what bash would offer for some command lines.

. "$1"
# There is no command line here that it could change.
compopt() { :; }
for line in "che" "check --ba" "check --format = s" "check --mode =" "explain fearless-sen"; do
  # shellcheck disable=SC2206 # as bash splits a command line
  COMP_WORDS=("$2" $line)
  COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
  _fearless
  echo "$line: ${COMPREPLY[*]}"
done
