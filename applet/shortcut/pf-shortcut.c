/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-shortcut.h"

#include <glib/gi18n.h>
#include <string.h>

#include "pf-error.h"
#include "pf-portal-request.h"
#include "pf-shortcut-calls.h"

#define BUS "org.freedesktop.DBus"
#define PROPERTIES BUS ".Properties"
#define PROGRAM "portferryctl "

struct _PfShortcut
{
  GObject parent;
  const PfShortcutBackend *backend;
  GDBusConnection *bus; /* (nullable) */
};

G_DEFINE_TYPE (PfShortcut, pf_shortcut, G_TYPE_OBJECT)

static const PfShortcutBackend *const backends[] = {
  &pf_shortcut_gnome, &pf_shortcut_mate, &pf_shortcut_cinnamon,
  &pf_shortcut_xfce,  &pf_shortcut_kde,  &pf_shortcut_lxqt,
};

static void
pf_shortcut_finalize (GObject *object)
{
  g_clear_object (&PF_SHORTCUT (object)->bus);
  G_OBJECT_CLASS (pf_shortcut_parent_class)->finalize (object);
}

static void
pf_shortcut_class_init (PfShortcutClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pf_shortcut_finalize;
}

static void
pf_shortcut_init (PfShortcut *shortcut)
{
}

/* --- Which desktop --- */

static gboolean
is_for (const PfShortcutBackend *backend, const char *const *desktops)
{
  for (gsize i = 0; backend->desktops[i] != NULL; i++)
    if (g_strv_contains (desktops, backend->desktops[i]))
      return TRUE;
  return FALSE;
}

static gboolean
has_schema (const char *id)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema
      = source != NULL ? g_settings_schema_source_lookup (source, id, TRUE) : NULL;

  return schema != NULL;
}

static gboolean
has_name (GPtrArray *answers, const char *name)
{
  for (guint i = 0; i < answers->len; i++)
    {
      GVariant *answer = g_ptr_array_index (answers, i);
      g_autofree const char **names = NULL;

      if (answer != NULL && g_variant_is_of_type (answer, G_VARIANT_TYPE ("(as)")))
        g_variant_get (answer, "(^a&s)", &names);
      if (names != NULL && g_strv_contains (names, name))
        return TRUE;
    }
  return FALSE;
}

static const PfShortcutBackend *
find_backend (GPtrArray *answers)
{
  const char *desktop = g_getenv ("XDG_CURRENT_DESKTOP");
  g_auto (GStrv) desktops = g_strsplit (desktop != NULL ? desktop : "", ":", -1);

  for (gsize i = 0; i < G_N_ELEMENTS (backends); i++)
    if (is_for (backends[i], (const char *const *) desktops)
        && (backends[i]->schema == NULL || has_schema (backends[i]->schema))
        && (backends[i]->service == NULL || has_name (answers, backends[i]->service)))
      return backends[i];
  return NULL;
}

/* A portal has those interfaces only for which this desktop has a backend. */
static void
on_portal_asked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PfShortcut *shortcut = g_task_get_task_data (task);
  g_autoptr (GPtrArray) answers = pf_shortcut_calls_run_finish (result, NULL);

  if (answers->len > 0 && g_ptr_array_index (answers, 0) != NULL)
    shortcut->backend = &pf_shortcut_portal;
  g_task_return_pointer (task, g_object_ref (shortcut), g_object_unref);
}

/* Takes @task. Not asked for in vain: asking starts the portal. */
static void
look_for_portal (GTask *task)
{
  PfShortcut *shortcut = g_task_get_task_data (task);
  g_autoptr (GPtrArray) calls = pf_shortcut_calls_new ();

  pf_shortcut_calls_add (calls, PF_PORTAL_NAME, PF_PORTAL_PATH, PROPERTIES, "Get",
                         g_variant_new ("(ss)", PF_PORTAL_SHORTCUTS, "version"));
  pf_shortcut_calls_run_async (shortcut->bus, calls, TRUE, on_portal_asked, task);
}

static void
on_names (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PfShortcut *shortcut = g_task_get_task_data (task);
  g_autoptr (GPtrArray) answers = pf_shortcut_calls_run_finish (result, NULL);

  shortcut->backend = find_backend (answers);
  if (shortcut->backend == NULL && has_name (answers, pf_shortcut_portal.service))
    look_for_portal (g_steal_pointer (&task));
  else
    g_task_return_pointer (task, g_object_ref (shortcut), g_object_unref);
}

static void
on_bus (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  PfShortcut *shortcut = g_task_get_task_data (task);
  g_autoptr (GPtrArray) calls = pf_shortcut_calls_new ();
  g_autoptr (GError) error = NULL;

  shortcut->bus = g_bus_get_finish (result, &error);
  if (shortcut->bus == NULL)
    g_debug ("The session bus: %s", error->message);
  else
    {
      pf_shortcut_calls_add (calls, BUS, "/", BUS, "ListNames", NULL);
      pf_shortcut_calls_add (calls, BUS, "/", BUS, "ListActivatableNames", NULL);
    }
  pf_shortcut_calls_run_async (shortcut->bus, calls, TRUE, on_names, task);
}

/**
 * pf_shortcut_open_async:
 *
 * Finds out which desktop runs: by the name that it gives itself, and by its settings being there. Where it
 * is not known, its portal may know what to do with keys.
 */
void
pf_shortcut_open_async (GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (NULL, NULL, callback, user_data);

  g_task_set_task_data (task, g_object_new (PF_TYPE_SHORTCUT, NULL), g_object_unref);
  g_bus_get (G_BUS_TYPE_SESSION, NULL, on_bus, task);
}

/**
 * pf_shortcut_open_finish:
 *
 * Returns: (transfer full): the desktop's key combinations; those of a desktop that is not known here can be
 * neither read nor set
 */
PfShortcut *
pf_shortcut_open_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * pf_shortcut_get_id:
 *
 * Returns: (transfer none) (nullable): the name of the desktop for scripts; %NULL where it is not known here
 */
const char *
pf_shortcut_get_id (PfShortcut *shortcut)
{
  return shortcut->backend != NULL ? shortcut->backend->id : NULL;
}

/**
 * pf_shortcut_get_label:
 *
 * Returns: (transfer none) (nullable): its name for people
 */
const char *
pf_shortcut_get_label (PfShortcut *shortcut)
{
  return shortcut->backend != NULL ? shortcut->backend->label : NULL;
}

/* --- Reading, setting, removing: first what there is is asked for --- */

/**
 * Job:
 * @accel: (nullable): what is to be set
 * @command: (nullable): what it is to run, or what is to be removed; %NULL for all of ours
 * @label: (nullable): what it is called in the desktop's settings
 * @in_spite: whether to set it though it does something else already
 * @go_on: what to do with the entries
 */
typedef struct _Job Job;

struct _Job
{
  PfAccel *accel;
  char *command;
  char *label;
  gboolean in_spite;
  void (*go_on) (GTask *task, GPtrArray *entries, GPtrArray *answers);
};

static void
free_job (gpointer data)
{
  Job *job = data;

  g_clear_pointer (&job->accel, pf_accel_free);
  g_free (job->command);
  g_free (job->label);
  g_free (job);
}

static gboolean
is_ours (const PfShortcutEntry *entry)
{
  return entry->command != NULL && g_str_has_prefix (entry->command, PROGRAM);
}

static void
on_asked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  PfShortcut *shortcut = g_task_get_source_object (task);
  Job *job = g_task_get_task_data (task);
  g_autoptr (GPtrArray) answers = pf_shortcut_calls_run_finish (result, NULL);
  g_autoptr (GPtrArray) entries = shortcut->backend->read (shortcut->backend, answers);

  job->go_on (task, entries, answers);
}

/* Takes @task. */
static void
start (GTask *task, Job *job)
{
  PfShortcut *shortcut = g_task_get_source_object (task);
  g_autoptr (GPtrArray) calls = NULL;

  g_task_set_task_data (task, job, free_job);
  if (shortcut->backend == NULL)
    {
      g_task_return_new_error (
          task, PF_ERROR, PF_ERROR_FAILED,
          _ ("The settings of this desktop are not known here. Its own settings, or a line in a "
             "configuration file, can bind the command “portferryctl toggle”."));
      g_object_unref (task);
      return;
    }
  calls = shortcut->backend->ask != NULL ? shortcut->backend->ask (job->accel) : pf_shortcut_calls_new ();
  pf_shortcut_calls_run_async (shortcut->bus, calls, TRUE, on_asked, task);
}

static void
on_written (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PfShortcut *shortcut = g_task_get_source_object (task);
  const Job *job = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) answers = pf_shortcut_calls_run_finish (result, &error);
  gboolean was_set = answers != NULL && answers->len > 0 && job->accel != NULL;

  if (was_set && shortcut->backend->took != NULL)
    shortcut->backend->took (g_ptr_array_index (answers, answers->len - 1), &error);
  if (error == NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* Takes @task. */
static void
write_calls (GTask *task, GPtrArray *calls)
{
  PfShortcut *shortcut = g_task_get_source_object (task);

  pf_shortcut_calls_run_async (shortcut->bus, calls, FALSE, on_written, task);
}

static void
add_calls (GPtrArray *calls, GPtrArray *more)
{
  g_ptr_array_extend_and_steal (calls, more);
}

/* --- Reading --- */

static void
return_own (GTask *task, GPtrArray *entries, GPtrArray *answers)
{
  for (guint i = entries->len; i > 0; i--)
    if (!is_ours (g_ptr_array_index (entries, i - 1)))
      g_ptr_array_remove_index (entries, i - 1);
  g_task_return_pointer (task, g_ptr_array_ref (entries), (GDestroyNotify) g_ptr_array_unref);
  g_object_unref (task);
}

/**
 * pf_shortcut_list_async:
 *
 * Reads those of ours.
 */
void
pf_shortcut_list_async (PfShortcut *shortcut, GAsyncReadyCallback callback, gpointer user_data)
{
  Job *job = g_new0 (Job, 1);

  job->go_on = return_own;
  start (g_task_new (shortcut, NULL, callback, user_data), job);
}

/**
 * pf_shortcut_list_finish:
 *
 * Returns: (transfer full) (element-type PfShortcutEntry): those that run portferryctl
 */
GPtrArray *
pf_shortcut_list_finish (PfShortcut *shortcut, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- Setting --- */

static const PfShortcutEntry *
find_conflict (GPtrArray *entries, const Job *job)
{
  for (guint i = 0; i < entries->len; i++)
    {
      const PfShortcutEntry *entry = g_ptr_array_index (entries, i);

      if (pf_accel_equal (entry->accel, job->accel) && g_strcmp0 (entry->command, job->command) != 0)
        return entry;
    }
  return NULL;
}

static void
return_conflict (GTask *task, const PfShortcutEntry *conflict)
{
  g_autofree char *accel = pf_accel_to_words (conflict->accel);

  g_task_return_new_error (task, PF_ERROR, PF_ERROR_OBJECTION, _ ("%s does something else already: %s"),
                           accel, conflict->what != NULL ? conflict->what : "?");
  g_object_unref (task);
}

static void
write_new (GTask *task, GPtrArray *entries, GPtrArray *answers)
{
  PfShortcut *shortcut = g_task_get_source_object (task);
  Job *job = g_task_get_task_data (task);
  const PfShortcutEntry *conflict = find_conflict (entries, job);
  g_autoptr (GPtrArray) calls = pf_shortcut_calls_new ();
  GPtrArray *more;
  GError *error = NULL;

  if (conflict != NULL && !job->in_spite)
    {
      return_conflict (task, conflict);
      return;
    }
  for (guint i = 0; i < entries->len; i++)
    {
      const PfShortcutEntry *entry = g_ptr_array_index (entries, i);

      if (is_ours (entry)
          && (g_strcmp0 (entry->command, job->command) == 0 || pf_accel_equal (entry->accel, job->accel)))
        add_calls (calls, shortcut->backend->remove (shortcut->backend, entry));
    }
  more = shortcut->backend->set (shortcut->backend, answers, job->accel, job->command, job->label, &error);
  if (more == NULL)
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  add_calls (calls, more);
  write_calls (task, calls);
}

/**
 * pf_shortcut_set_async:
 * @accel: the key combination
 * @command: what it runs, from pf_shortcut_make_command(); an earlier key combination for it is taken away
 * @label: what it is called in the desktop's settings
 * @in_spite: whether to set it though the desktop uses it for something else; else that is the error
 * PF_ERROR_OBJECTION, and nothing is changed
 */
void
pf_shortcut_set_async (PfShortcut *shortcut,
                       const PfAccel *accel,
                       const char *command,
                       const char *label,
                       gboolean in_spite,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  Job *job = g_new0 (Job, 1);

  job->accel = pf_accel_copy (accel);
  job->command = g_strdup (command);
  job->label = g_strdup (label);
  job->in_spite = in_spite;
  job->go_on = write_new;
  start (g_task_new (shortcut, NULL, callback, user_data), job);
}

gboolean
pf_shortcut_set_finish (PfShortcut *shortcut, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- Removing --- */

static void
write_removal (GTask *task, GPtrArray *entries, GPtrArray *answers)
{
  PfShortcut *shortcut = g_task_get_source_object (task);
  const Job *job = g_task_get_task_data (task);
  g_autoptr (GPtrArray) calls = pf_shortcut_calls_new ();

  for (guint i = 0; i < entries->len; i++)
    {
      const PfShortcutEntry *entry = g_ptr_array_index (entries, i);

      if (is_ours (entry) && (job->command == NULL || g_strcmp0 (entry->command, job->command) == 0))
        add_calls (calls, shortcut->backend->remove (shortcut->backend, entry));
    }
  write_calls (task, calls);
}

/**
 * pf_shortcut_remove_async:
 * @command: (nullable): of which; %NULL for all of ours
 */
void
pf_shortcut_remove_async (PfShortcut *shortcut,
                          const char *command,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  Job *job = g_new0 (Job, 1);

  job->command = g_strdup (command);
  job->go_on = write_removal;
  start (g_task_new (shortcut, NULL, callback, user_data), job);
}

gboolean
pf_shortcut_remove_finish (PfShortcut *shortcut, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
