/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-machine.h"

G_BEGIN_DECLS

/**
 * PfLeft:
 * @address: PCI address
 * @name: the controller in words
 * @message: why it is not at home
 */
typedef struct
{
  char *address;
  char *name;
  char *message;
} PfLeft;

GPtrArray *pf_left_list (PfMachine *machine, const GError *why);
GError *pf_left_describe (const GPtrArray *left, const GError *why);
GError *pf_left_describe_lost (PfMachine *machine);

G_END_DECLS
