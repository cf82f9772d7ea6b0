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
 * @switcher: the one switch that is under way, or none
 *
 * What a call of D-Bus or an event of the kernel is carried out with. All of them are unowned, and live as
 * long as the helper.
 */
typedef struct
{
  PfMachine *machine;
  PfStore *store;
  PfSwitcher *switcher;
} PfServices;

G_END_DECLS
