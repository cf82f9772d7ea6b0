/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-executor.h"

G_BEGIN_DECLS

/**
 * PfRoots:
 * @sys: the kernel's /sys
 * @dev: the kernel's /dev
 * @proc: the kernel's /proc
 * @udev: udev's database, /run/udev/data; need not be there
 * @etc: /etc, for what modprobe and driverctl are told; need not be there
 * @modprobe: modprobe's folders beside the one in @etc, in the order in which they count; none of them need
 * be there
 * @config: /etc/portferry: profiles.d, ports.conf, chipsets.d
 * @runtime: /run/portferry: what is lent
 * @state: /var/lib/portferry: what was confirmed
 * @chipsets: the shipped chipsets.conf
 * @write_deadline: milliseconds that a write to the kernel may take; 0 for what is right for the device
 * @load_module: loads a kernel module
 * @load_module_data: for @load_module
 *
 * Everything the helper reads or writes lies beneath one of these. They are constants of the shipped program;
 * only the test program, which refuses to be root, takes them from its command line.
 */
typedef struct
{
  const char *sys;
  const char *dev;
  const char *proc;
  const char *udev;
  const char *etc;
  const char *modprobe[PF_TREE_N_MODPROBE];
  const char *config;
  const char *runtime;
  const char *state;
  const char *chipsets;
  guint write_deadline;
  PfModuleLoader load_module;
  gpointer load_module_data;
} PfRoots;

G_END_DECLS
