/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-client.h"

G_BEGIN_DECLS

/**
 * PfLendingController:
 * @address: PCI address
 * @name: what people call it
 * @group: its IOMMU group, or -1
 * @can_be_lent: whether nothing about the machine speaks against it
 * @obstacle: (nullable): what the host uses now, so that it cannot be lent: the screen, the way to the network ...
 * @warning: (nullable): what to know before lending it, in the helper's words
 * @is_away: whether a guest has it, or others have lent it
 * @is_routed: whether it is a router with ports that can be moved, or the EHCI of one
 * @n_movable: of a router: how many ports can be moved one by one
 * @n_sockets: how many sockets it has at most; 0 where that is not known
 * @inputs: (element-type utf8): the host's keyboards and pointers that are plugged in there, but for kinds that are
 * built in as well
 * @along: (element-type utf8): what else is in its group and goes along: not bridges, not USB controllers
 *
 * What has to be known of a USB controller to say how it can be lent.
 */
typedef struct
{
  char *address;
  char *name;
  int group;
  gboolean can_be_lent;
  char *obstacle;
  char *warning;
  gboolean is_away;
  gboolean is_routed;
  guint n_movable;
  guint n_sockets;
  GPtrArray *inputs;
  GPtrArray *along;
} PfLendingController;

/**
 * PfLendingKind:
 * @PF_LENDING_WELL: something can be lent, and the host keeps its keyboard and mouse
 * @PF_LENDING_AWAY: all that can be lent is away
 * @PF_LENDING_LAST: whatever can be lent leaves the host without a USB socket
 * @PF_LENDING_INPUT: whatever can be lent takes a keyboard or mouse of the host along
 * @PF_LENDING_NOTHING: nothing can be lent
 *
 * How well things can be lent here, the best first.
 */
typedef enum
{
  PF_LENDING_WELL,
  PF_LENDING_AWAY,
  PF_LENDING_LAST,
  PF_LENDING_INPUT,
  PF_LENDING_NOTHING,
} PfLendingKind;

/**
 * PfLending:
 * @kind: how well it can be lent here
 * @what: the same in words
 * @ways: (element-type utf8): each way to lend something, a sentence or two
 * @obstacles: (element-type utf8): of each controller that the host cannot do without now, why
 * @advice: (nullable): what to do where it is not good
 *
 * What can be lent on a machine, and how, in the user's language.
 */
typedef struct
{
  PfLendingKind kind;
  char *what;
  GPtrArray *ways;
  GPtrArray *obstacles;
  char *advice;
} PfLending;

PfLendingController *pf_lending_controller_new (const char *address, const char *name, int group);
void pf_lending_controller_free (PfLendingController *controller);
GPtrArray *pf_lending_read (PfClient *client);
void pf_lending_ask_async (PfClient *client, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *pf_lending_ask_finish (PfClient *client, GAsyncResult *result, GError **error);
PfLending *pf_lending_describe (GPtrArray *controllers);
void pf_lending_free (PfLending *lending);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfLending, pf_lending_free)

G_END_DECLS
