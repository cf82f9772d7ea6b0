/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-bus.h"
#include "pf-dbus.h"

G_BEGIN_DECLS

#define MOCK_TRANSACTION "t-1"

/**
 * MockHelper:
 * @bus: its own connection
 * @server: what it publishes
 * @manager: the manager
 * @name_id: ownership of the name; 0 when it is not there
 * @error: what the next verbs are refused with; NULL for none
 * @left: (nullable): what ReturnAll leaves behind
 * @silent: whether switches send no signal
 * @call: (nullable): the last verb and its parameters, as text
 * @interactive: whether that verb allowed questions
 * @interest: our end of the pipe that the last RegisterInterest gave away; -1 for none
 *
 * Answers on the bus like the helper, over a board that is made up.
 */
typedef struct
{
  GDBusConnection *bus;
  GDBusObjectManagerServer *server;
  PfDBusManager *manager;
  guint name_id;
  GError *error;
  GVariant *left;
  gboolean silent;
  char *call;
  gboolean interactive;
  int interest;
} MockHelper;

MockHelper *mock_helper_new (const char *address);
void mock_helper_free (MockHelper *mock);
void mock_helper_appear (MockHelper *mock);
void mock_helper_vanish (MockHelper *mock);
void mock_helper_refuse (MockHelper *mock, PfError code, const char *message);
void mock_helper_set_active (MockHelper *mock, const char *profile);
void mock_helper_add_profile (MockHelper *mock, const char *id, const char *label);
PfDBusController *mock_helper_add_plain_controller (MockHelper *mock, const char *address);
void mock_helper_emit_switched (MockHelper *mock, const char *profile);

void mock_board_publish (MockHelper *mock);
void mock_board_publish_object (MockHelper *mock,
                                const char *path,
                                GDBusInterfaceSkeleton *first,
                                GDBusInterfaceSkeleton *second);
GVariant *mock_board_moves (const char *from, const char *to);
GVariant *mock_board_objections (void);

G_END_DECLS
