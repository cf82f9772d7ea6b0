/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-portal-keys.h"

#include <glib/gi18n.h>

#include "pf-error.h"
#include "pf-portal-choice.h"
#include "pf-portal-request.h"
#include "pf-shortcut-backend.h"
#include "pf-shortcut-calls.h"
#include "pf-shortcut.h"

#define SESSION "org.freedesktop.portal.Session"
#define REGISTRY "org.freedesktop.host.portal.Registry"
/* Always the same: KDE's backend knows a program that has no app ID by this, and so remembers its keys. */
#define SESSION_TOKEN "portferry"

struct _PfPortalKeys
{
  GObject parent;
  char *app_id;
  GFileMonitor *monitor; /* (nullable): until pf_portal_keys_begin() */
  GDBusConnection *bus;  /* (nullable): until something is chosen */
  guint name_watch;
  guint signals;       /* subscription to the portal's */
  guint closed;        /* subscription to the session's end */
  gboolean looking;    /* whether this desktop is one for the portal */
  gboolean is_there;   /* the portal is */
  gboolean busy;       /* asking the portal */
  gboolean again;      /* something else was chosen meanwhile */
  guint n_tokens;      /* how many names of sessions were refused */
  GPtrArray *asked;    /* of PfPortalChoice: what the portal was last asked for */
  gboolean refused;    /* somebody said no, and is to read so */
  char *session;       /* (nullable): its path */
  char *closing;       /* (nullable): the path of the one before */
  GHashTable *trigger; /* command → the keys, in the desktop's words */
  char *problem;       /* (nullable) */
};

G_DEFINE_TYPE (PfPortalKeys, pf_portal_keys, G_TYPE_OBJECT)

enum
{
  ACTIVATED,
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void ask (PfPortalKeys *keys);
static void create_session (PfPortalKeys *keys);

static void
set_problem (PfPortalKeys *keys, const char *problem)
{
  char *copy = g_strdup (problem);

  g_free (keys->problem);
  keys->problem = copy;
}

/* That somebody said no stays until he has chosen anew, though others are bound meanwhile. */
static void
clear_problem (PfPortalKeys *keys)
{
  if (!keys->refused)
    set_problem (keys, NULL);
}

static void
forget_session (PfPortalKeys *keys)
{
  if (keys->closed != 0)
    g_dbus_connection_signal_unsubscribe (keys->bus, keys->closed);
  keys->closed = 0;
  g_clear_pointer (&keys->session, g_free);
  g_hash_table_remove_all (keys->trigger);
}

/* --- What the portal says --- */

static const PfPortalChoice *
find_choice_by_id (PfPortalKeys *keys, const char *id)
{
  for (guint i = 0; i < keys->asked->len; i++)
    {
      const PfPortalChoice *choice = g_ptr_array_index (keys->asked, i);
      g_autofree char *own = pf_shortcut_command_to_name (choice->command);

      if (g_str_equal (own, id))
        return choice;
    }
  return NULL;
}

/* @shortcuts: (nullable): a(sa{sv}), as Bind, List and ShortcutsChanged give it */
static void
take_shortcuts (PfPortalKeys *keys, GVariant *shortcuts)
{
  GVariantIter iter;
  const char *id;
  GVariant *properties;

  if (shortcuts == NULL || !g_variant_is_of_type (shortcuts, G_VARIANT_TYPE ("a(sa{sv})")))
    return;
  g_variant_iter_init (&iter, shortcuts);
  while (g_variant_iter_loop (&iter, "(&s@a{sv})", &id, &properties))
    {
      const PfPortalChoice *choice = find_choice_by_id (keys, id);
      const char *words = "";

      if (choice == NULL)
        continue;
      g_variant_lookup (properties, "trigger_description", "&s", &words);
      g_hash_table_insert (keys->trigger, g_strdup (choice->command), g_strdup (words));
    }
}

static void
on_portal_signal (GDBusConnection *bus,
                  const char *sender,
                  const char *path,
                  const char *interface,
                  const char *signal,
                  GVariant *parameters,
                  gpointer user_data)
{
  PfPortalKeys *keys = user_data;
  const char *session, *id;
  g_autofree char *action = NULL;
  g_autofree char *profile = NULL;
  const PfPortalChoice *choice;

  if (g_str_equal (signal, "Activated") && g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(osta{sv})")))
    {
      g_variant_get (parameters, "(&o&sta{sv})", &session, &id, NULL, NULL);
      choice = g_strcmp0 (session, keys->session) == 0 ? find_choice_by_id (keys, id) : NULL;
      if (choice != NULL && pf_shortcut_split_command (choice->command, &action, &profile))
        g_signal_emit (keys, signals[ACTIVATED], 0, action, profile);
    }
  else if (g_str_equal (signal, "ShortcutsChanged")
           && g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(oa(sa{sv}))")))
    {
      g_autoptr (GVariant) shortcuts = g_variant_get_child_value (parameters, 1);

      g_variant_get_child (parameters, 0, "&o", &session);
      if (g_strcmp0 (session, keys->session) != 0)
        return;
      take_shortcuts (keys, shortcuts);
      g_signal_emit (keys, signals[CHANGED], 0);
    }
}

static void
on_session_closed (GDBusConnection *bus,
                   const char *sender,
                   const char *path,
                   const char *interface,
                   const char *signal,
                   GVariant *parameters,
                   gpointer user_data)
{
  PfPortalKeys *keys = user_data;

  forget_session (keys);
  set_problem (keys, _ ("The desktop has ended the shortcuts."));
  g_signal_emit (keys, signals[CHANGED], 0);
}

/* --- Asking it: close, register, create, bind, list --- */

/* Takes @keys, for whom somebody was asked. */
static void
end_asking (PfPortalKeys *keys)
{
  keys->busy = FALSE;
  g_signal_emit (keys, signals[CHANGED], 0);
  if (keys->again)
    ask (keys);
  g_object_unref (keys);
}

static void
save (PfPortalKeys *keys, GPtrArray *choices)
{
  g_autoptr (GError) error = NULL;

  if (!pf_portal_choices_save (choices, &error))
    set_problem (keys, error->message);
}

/* What the desktop has taken once is asked for at each start, whatever becomes of it. */
static void
note_bound (PfPortalKeys *keys)
{
  g_autoptr (GPtrArray) choices = pf_portal_choices_load ();
  gboolean news = FALSE;

  for (guint i = 0; i < choices->len; i++)
    {
      PfPortalChoice *choice = g_ptr_array_index (choices, i);

      if (choice->was_bound || !g_hash_table_contains (keys->trigger, choice->command))
        continue;
      choice->was_bound = TRUE;
      news = TRUE;
    }
  if (news)
    save (keys, choices);
}

/* Who said no is not asked the same at each start: what the desktop has never taken is forgotten. What it has
 * taken before is asked for again. */
static void
forget_refused (PfPortalKeys *keys)
{
  g_autoptr (GPtrArray) choices = pf_portal_choices_load ();
  guint before = choices->len;

  for (guint i = choices->len; i > 0; i--)
    {
      const PfPortalChoice *choice = g_ptr_array_index (choices, i - 1);

      if (!choice->was_bound && pf_portal_choices_find (keys->asked, choice->command) != NULL)
        g_ptr_array_remove_index (choices, i - 1);
    }
  if (choices->len == before)
    return;
  keys->refused = TRUE;
  save (keys, choices);
  keys->again = keys->again || choices->len > 0;
}

static void
take_failure (PfPortalKeys *keys, const GError *error)
{
  set_problem (keys, error->message);
  if (g_error_matches (error, PF_ERROR, PF_ERROR_AUTHORIZATION_DISMISSED))
    forget_refused (keys);
}

static void
on_listed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PfPortalKeys *keys = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) results = pf_portal_request_finish (result, &error);
  g_autoptr (GVariant) shortcuts = NULL;

  /* Whoever cannot list has told it when they were bound. */
  if (results != NULL)
    shortcuts = g_variant_lookup_value (results, "shortcuts", NULL);
  else
    g_debug ("The portal's shortcuts: %s", error->message);
  take_shortcuts (keys, shortcuts);
  note_bound (keys);
  end_asking (keys);
}

static void
on_bound (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PfPortalKeys *keys = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) results = pf_portal_request_finish (result, &error);
  g_autoptr (GVariant) shortcuts = NULL;
  GVariant *arguments[2] = { NULL, NULL };

  if (results == NULL || keys->session == NULL)
    {
      if (error != NULL)
        take_failure (keys, error);
      end_asking (keys);
      return;
    }
  clear_problem (keys);
  keys->refused = FALSE;
  shortcuts = g_variant_lookup_value (results, "shortcuts", NULL);
  take_shortcuts (keys, shortcuts);
  arguments[0] = g_variant_new_object_path (keys->session);
  pf_portal_request_async (keys->bus, "ListShortcuts", arguments, NULL, on_listed, keys);
}

static GVariant *
build_shortcuts (GPtrArray *choices)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(sa{sv})"));
  for (guint i = 0; i < choices->len; i++)
    {
      const PfPortalChoice *choice = g_ptr_array_index (choices, i);
      g_autofree char *id = pf_shortcut_command_to_name (choice->command);
      g_autofree char *label = pf_shortcut_describe_command (choice->command);
      g_autofree char *trigger = pf_accel_to_portal (choice->accel);

      g_variant_builder_open (&builder, G_VARIANT_TYPE ("(sa{sv})"));
      g_variant_builder_add (&builder, "s", id);
      g_variant_builder_open (&builder, G_VARIANT_TYPE_VARDICT);
      g_variant_builder_add (&builder, "{sv}", "description", g_variant_new_string (label));
      g_variant_builder_add (&builder, "{sv}", "preferred_trigger", g_variant_new_string (trigger));
      g_variant_builder_close (&builder);
      g_variant_builder_close (&builder);
    }
  return g_variant_builder_end (&builder);
}

static void
on_created (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PfPortalKeys *keys = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) results = pf_portal_request_finish (result, &error);
  GVariant *arguments[4] = { NULL };
  const char *session = NULL;

  if (results != NULL && g_variant_lookup (results, "session_handle", "&s", &session)
      && g_variant_is_object_path (session))
    {
      keys->session = g_strdup (session);
      keys->closed
          = g_dbus_connection_signal_subscribe (keys->bus, PF_PORTAL_NAME, SESSION, "Closed", session, NULL,
                                                G_DBUS_SIGNAL_FLAGS_NONE, on_session_closed, keys, NULL);
      arguments[0] = g_variant_new_object_path (session);
      arguments[1] = build_shortcuts (keys->asked);
      arguments[2] = g_variant_new_string (""); /* no window of ours is in front */
      pf_portal_request_async (keys->bus, "BindShortcuts", arguments, NULL, on_bound, keys);
      return;
    }
  set_problem (keys, error != NULL ? error->message : _ ("The desktop's portal gave no session."));
  /* After a portal has crashed, the desktop's half still has the session of that name. */
  if (keys->n_tokens++ == 0 && keys->is_there)
    create_session (keys);
  else
    end_asking (keys);
}

static void
create_session (PfPortalKeys *keys)
{
  g_autofree char *token = keys->n_tokens == 0 ? g_strdup (SESSION_TOKEN)
                                               : g_strdup_printf (SESSION_TOKEN "_%u", keys->n_tokens);

  pf_portal_request_async (keys->bus, "CreateSession", NULL, token, on_created, keys);
}

static void
on_prepared (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PfPortalKeys *keys = user_data;
  g_autoptr (GPtrArray) answers = pf_shortcut_calls_run_finish (result, NULL);

  if (keys->asked->len == 0)
    {
      clear_problem (keys);
      keys->refused = FALSE;
      end_asking (keys);
      return;
    }
  create_session (keys);
}

/* A session's shortcuts can be bound only once: others need another session. Who we are is told to portals
 * that want to know (xdg-desktop-portal 1.20 and later); the others look which unit we run in. */
static void
prepare (PfPortalKeys *keys)
{
  g_autoptr (GPtrArray) calls = pf_shortcut_calls_new ();

  g_free (keys->closing);
  keys->closing = g_strdup (keys->session);
  if (keys->closing != NULL)
    pf_shortcut_calls_add (calls, PF_PORTAL_NAME, keys->closing, SESSION, "Close", NULL);
  else if (keys->asked->len > 0)
    pf_shortcut_calls_add (calls, PF_PORTAL_NAME, PF_PORTAL_PATH, REGISTRY, "Register",
                           g_variant_new ("(sa{sv})", keys->app_id, NULL));
  forget_session (keys);
  pf_shortcut_calls_run_async (keys->bus, calls, TRUE, on_prepared, g_object_ref (keys));
}

static void
ask (PfPortalKeys *keys)
{
  keys->again = keys->busy;
  if (keys->busy || !keys->is_there)
    return;
  keys->busy = TRUE;
  g_ptr_array_unref (keys->asked);
  keys->asked = pf_portal_choices_load ();
  clear_problem (keys);
  g_signal_emit (keys, signals[CHANGED], 0);
  prepare (keys);
}

/* --- When to ask --- */

static void
on_portal_appeared (GDBusConnection *bus, const char *name, const char *owner, gpointer user_data)
{
  PfPortalKeys *keys = user_data;

  keys->is_there = TRUE;
  ask (keys);
}

static void
on_portal_vanished (GDBusConnection *bus, const char *name, gpointer user_data)
{
  PfPortalKeys *keys = user_data;

  keys->is_there = FALSE;
  if (keys->bus == NULL)
    return;
  forget_session (keys);
  set_problem (keys, _ ("The desktop's portal does not run."));
  g_signal_emit (keys, signals[CHANGED], 0);
}

static void
on_bus (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PfPortalKeys) keys = user_data;
  g_autoptr (GError) error = NULL;

  keys->looking = FALSE;
  keys->bus = g_bus_get_finish (result, &error);
  if (keys->bus == NULL)
    {
      g_debug ("The session bus: %s", error->message);
      return;
    }
  keys->signals = g_dbus_connection_signal_subscribe (keys->bus, PF_PORTAL_NAME, PF_PORTAL_SHORTCUTS, NULL,
                                                      PF_PORTAL_PATH, NULL, G_DBUS_SIGNAL_FLAGS_NONE,
                                                      on_portal_signal, keys, NULL);
  keys->name_watch
      = g_bus_watch_name_on_connection (keys->bus, PF_PORTAL_NAME, G_BUS_NAME_WATCHER_FLAGS_AUTO_START,
                                        on_portal_appeared, on_portal_vanished, keys, NULL);
}

/* What was chosen on one desktop is not for another that has settings of its own. */
static void
on_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PfPortalKeys *keys = user_data;
  g_autoptr (PfShortcut) shortcut = pf_shortcut_open_finish (result, NULL);

  if (g_strcmp0 (pf_shortcut_get_id (shortcut), PF_SHORTCUT_PORTAL) == 0)
    {
      g_bus_get (G_BUS_TYPE_SESSION, NULL, on_bus, keys);
      return;
    }
  keys->looking = FALSE;
  g_object_unref (keys);
}

static void
look (PfPortalKeys *keys)
{
  g_autoptr (GPtrArray) choices = pf_portal_choices_load ();

  if (keys->looking || pf_portal_choices_equal (choices, keys->asked))
    return;
  if (keys->bus != NULL)
    {
      ask (keys);
      return;
    }
  keys->looking = TRUE;
  pf_shortcut_open_async (on_opened, g_object_ref (keys));
}

static void
pf_portal_keys_dispose (GObject *object)
{
  PfPortalKeys *keys = PF_PORTAL_KEYS (object);

  if (keys->name_watch != 0)
    g_bus_unwatch_name (keys->name_watch);
  keys->name_watch = 0;
  if (keys->bus != NULL)
    {
      forget_session (keys);
      g_dbus_connection_signal_unsubscribe (keys->bus, keys->signals);
    }
  g_clear_object (&keys->bus);
  g_clear_object (&keys->monitor);
  G_OBJECT_CLASS (pf_portal_keys_parent_class)->dispose (object);
}

static void
pf_portal_keys_finalize (GObject *object)
{
  PfPortalKeys *keys = PF_PORTAL_KEYS (object);

  g_free (keys->app_id);
  g_free (keys->session);
  g_free (keys->closing);
  g_free (keys->problem);
  g_ptr_array_unref (keys->asked);
  g_hash_table_unref (keys->trigger);
  G_OBJECT_CLASS (pf_portal_keys_parent_class)->finalize (object);
}

static void
pf_portal_keys_class_init (PfPortalKeysClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pf_portal_keys_dispose;
  G_OBJECT_CLASS (klass)->finalize = pf_portal_keys_finalize;
  signals[ACTIVATED] = g_signal_new ("activated", PF_TYPE_PORTAL_KEYS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                     G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
  signals[CHANGED]
      = g_signal_new ("changed", PF_TYPE_PORTAL_KEYS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
pf_portal_keys_init (PfPortalKeys *keys)
{
  keys->asked = g_ptr_array_new ();
  keys->trigger = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

/**
 * pf_portal_keys_new:
 * @app_id: by which the portal is to know us
 */
PfPortalKeys *
pf_portal_keys_new (const char *app_id)
{
  PfPortalKeys *keys = g_object_new (PF_TYPE_PORTAL_KEYS, NULL);

  keys->app_id = g_strdup (app_id);
  return keys;
}

/**
 * pf_portal_keys_begin:
 *
 * From now on what is chosen counts.
 */
void
pf_portal_keys_begin (PfPortalKeys *keys)
{
  g_autofree char *path = pf_portal_choices_get_path ();
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GFile) file = g_file_new_for_path (path);

  if (keys->monitor != NULL)
    return;
  /* The watch of a file in a folder that is not there would look again and again. */
  g_mkdir_with_parents (folder, 0700);
  keys->monitor = g_file_monitor_file (file, G_FILE_MONITOR_NONE, NULL, NULL);
  if (keys->monitor != NULL)
    g_signal_connect_swapped (keys->monitor, "changed", G_CALLBACK (look), keys);
  look (keys);
}

/**
 * pf_portal_keys_get_trigger:
 *
 * Returns: (transfer none) (nullable): the keys that run @command, in the desktop's words, maybe none; %NULL
 * where they do not work
 */
const char *
pf_portal_keys_get_trigger (PfPortalKeys *keys, const char *command)
{
  return g_hash_table_lookup (keys->trigger, command);
}

/**
 * pf_portal_keys_get_problem:
 *
 * Returns: (transfer none) (nullable): why they do not work, in words
 */
const char *
pf_portal_keys_get_problem (PfPortalKeys *keys)
{
  return keys->problem;
}
