/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-test-vm.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

/**
 * pf_test_vm_start:
 * @address: a function that is lent
 *
 * Returns: a process that has its group open by now
 */
pid_t
pf_test_vm_start (const char *address)
{
  g_autofree char *link = g_strdup_printf ("sys/bus/pci/devices/%s/iommu_group", address);
  g_autofree char *group = pf_desk_kernel_link (link);
  g_autofree char *path = g_build_filename (g_getenv ("PF_KERNEL"), "dev/vfio", group, NULL);
  int ready[2];
  char byte;
  pid_t pid;

  g_assert_cmpint (pipe (ready), ==, 0);
  pid = fork ();
  if (pid == 0)
    {
      if (open (path, O_RDWR) >= 0 && write (ready[1], "x", 1) == 1)
        for (;;)
          pause ();
      _exit (1);
    }
  close (ready[1]);
  g_assert_cmpint (read (ready[0], &byte, 1), ==, 1);
  close (ready[0]);
  return pid;
}

/**
 * pf_test_vm_stop:
 * @pid: from pf_test_vm_start()
 *
 * Kills it.
 */
void
pf_test_vm_stop (pid_t pid)
{
  g_assert_cmpint (kill (pid, SIGKILL), ==, 0);
  g_assert_cmpint (waitpid (pid, NULL, 0), ==, pid);
}
