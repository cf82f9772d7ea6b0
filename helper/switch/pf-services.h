/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-machine.h"
#include "pf-store.h"
#include "pf-switcher.h"

G_BEGIN_DECLS

/**
 * PfServices:
 * @machine: the board, what is lent, and the executor
 * @store: the saved profiles
 * @switcher: runs one switch at a time
 *
 * The objects that D-Bus calls and kernel events need. They are not owned here, and live as long as the
 * helper.
 */
typedef struct
{
  PfMachine *machine;
  PfStore *store;
  PfSwitcher *switcher;
} PfServices;

G_END_DECLS
