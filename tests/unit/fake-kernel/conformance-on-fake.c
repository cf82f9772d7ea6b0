/* SPDX-License-Identifier: GPL-3.0-or-later */

/* conformance-on-fake KERNEL-CONFORMANCE BOARD ADDRESS [SIBLING...]
 *
 * Mounts a fake kernel and runs kernel-conformance on it. Its TAP is the test's. */

#include <sys/wait.h>

#include "pf-fake-mount.h"

int
main (int argc, char **argv)
{
  PfFakeMount *mount;
  char **command;
  int status = 0;

  g_assert_cmpint (argc, >=, 4);
  pf_fake_mount_enter_namespaces ();
  mount = pf_fake_mount_start (argv[2]);
  command = argv + 1;
  argv[2] = mount->path;
  g_assert_true (g_spawn_sync (NULL, command, NULL, G_SPAWN_CHILD_INHERITS_STDIN, NULL, NULL, NULL, NULL,
                               &status, NULL));
  pf_fake_mount_stop (mount);
  return WIFEXITED (status) ? WEXITSTATUS (status) : 1;
}
