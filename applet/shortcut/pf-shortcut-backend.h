/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "pf-accel.h"

G_BEGIN_DECLS

/**
 * PfShortcutEntry:
 * @accel: the key combination
 * @command: (nullable): what it runs, where the desktop tells
 * @what: (nullable): what it does, for people
 * @place: (nullable): where in the desktop's settings it stands
 *
 * A key combination that the desktop has.
 */
typedef struct
{
  PfAccel *accel;
  char *command;
  char *what;
  char *place;
} PfShortcutEntry;

/**
 * PfShortcutCall:
 * @name: a bus name
 * @parameters: (nullable): owned
 *
 * A method call on the session bus that a backend wants to be made.
 */
typedef struct
{
  const char *name;
  const char *path;
  const char *interface;
  const char *method;
  GVariant *parameters;
} PfShortcutCall;

/**
 * PfShortcutBackend:
 * @id: its name, for scripts
 * @label: its name for people, not translated
 * @desktops: (array zero-terminated=1) (nullable): names in XDG_CURRENT_DESKTOP that it is for
 * @service: (nullable): the name on the session bus that has to be there, or to be startable
 * @schema: (nullable): the GSettings schema that has to be installed
 * @store: (nullable): where the settings are, for backends that share their functions
 * @ask: (nullable): the calls whose answers @read needs; @wanted is NULL where nothing is to be set
 * @read: the desktop's key combinations, ours among them; @answers are those to @ask, in order, and an
 * element is NULL where a call failed
 * @set: binds @accel to @command, or changes it; what D-Bus has to do is returned, all else done at once
 * @took: (nullable): whether the answer to the last call of @set says that it is bound now
 * @remove: takes one of ours away
 *
 * How a desktop keeps global key combinations. Backends know no main loop: who uses them makes their calls.
 */
typedef struct _PfShortcutBackend PfShortcutBackend;
struct _PfShortcutBackend
{
  const char *id;
  const char *label;
  const char *const *desktops;
  const char *service;
  const char *schema;
  const void *store;
  GPtrArray *(*ask) (const PfAccel *wanted);
  GPtrArray *(*read) (const PfShortcutBackend *backend, GPtrArray *answers);
  GPtrArray *(*set) (const PfShortcutBackend *backend,
                     GPtrArray *answers,
                     const PfAccel *accel,
                     const char *command,
                     const char *label,
                     GError **error);
  gboolean (*took) (GVariant *answer, GError **error);
  GPtrArray *(*remove) (const PfShortcutBackend *backend, const PfShortcutEntry *entry);
};

extern const PfShortcutBackend pf_shortcut_gnome;
extern const PfShortcutBackend pf_shortcut_mate;
extern const PfShortcutBackend pf_shortcut_cinnamon;
extern const PfShortcutBackend pf_shortcut_xfce;
extern const PfShortcutBackend pf_shortcut_kde;
extern const PfShortcutBackend pf_shortcut_lxqt;
extern const PfShortcutBackend pf_shortcut_portal;

GPtrArray *pf_shortcut_entries_new (void);
void pf_shortcut_entries_add (
    GPtrArray *entries, const char *accel, const char *command, const char *what, const char *place);
void pf_shortcut_entries_add_accel (
    GPtrArray *entries, PfAccel *accel, const char *command, const char *what, const char *place);
GPtrArray *pf_shortcut_calls_new (void);
void pf_shortcut_calls_add (GPtrArray *calls,
                            const char *name,
                            const char *path,
                            const char *interface,
                            const char *method,
                            GVariant *parameters);
char *pf_shortcut_command_to_name (const char *command);

G_END_DECLS
