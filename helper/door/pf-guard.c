/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-guard.h"

#include <glib/gi18n.h>
#include <polkit/polkit.h>

#include "pf-error.h"
#include "pf-turns.h"

/* The door of the helper, and the only file that knows polkit. Each method call of each interface comes
 * through on_authorize_method(); the table in pf-demand.c says what it needs. Whatever is not clearly allowed
 * is denied: a method that is not in the table, a polkit that does not answer, a caller who is gone. */

/* A caller who asks again while he is still being asked gets no more windows than this. */
#define MAX_PENDING_PER_CALLER 4
#define MAX_PENDING_PER_USER 16

#define DEMAND_KEY "pf-demand"

struct _PfGuard
{
  GObject parent_instance;

  PfServices services;
  PfGate *gate; /* (nullable), unowned */
  PfTurns *turns;
  guint turn_id;
  PolkitAuthority *authority;
  GPtrArray *pending; /* Check, unowned: those that polkit has to decide */
  gint n_calls;
};

G_DEFINE_TYPE (PfGuard, pf_guard, G_TYPE_OBJECT)

enum
{
  SIGNAL_IDLE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static const struct
{
  const char *id;
  const char *message; /* with $(profile) and $(controllers), where there is a profile to name */
} actions[] = {
  [PF_ACTION_APPLY]
  = { "org.portferry.apply-profile",
      N_ ("Authentication is required to switch to the profile “$(profile)” ($(controllers))") },
  [PF_ACTION_HOME] = { "org.portferry.return-home", NULL },
  [PF_ACTION_OVERRIDE]
  = { "org.portferry.override-objection",
      N_ ("Authentication is required to switch to the profile “$(profile)” ($(controllers)) "
          "although something speaks against it") },
  [PF_ACTION_TAKE_HOME]
  = { "org.portferry.override-objection",
      N_ ("Authentication is required to take home what others than Portferry have lent ($(controllers))") },
  [PF_ACTION_EDIT]
  = { "org.portferry.edit-profiles", N_ ("Authentication is required to change the profile “$(profile)”") },
};

/* One call on its way through the door. */
typedef struct
{
  PfGuard *guard;
  GDBusInterfaceSkeleton *skeleton;
  GDBusMethodInvocation *invocation; /* owned by whoever answers it: GDBus's rule */
  PfDemand *demand;
  GCancellable *cancellable;
  guint watch_id;
} Check;

static void
check_free (Check *check)
{
  if (check->watch_id != 0)
    g_bus_unwatch_name (check->watch_id);
  g_ptr_array_remove_fast (check->guard->pending, check);
  g_clear_pointer (&check->demand, pf_demand_free);
  g_clear_object (&check->cancellable);
  g_object_unref (check->skeleton);
  g_object_unref (check->guard);
  g_free (check);
}

static void
refuse (Check *check, const GError *error)
{
  g_dbus_method_invocation_return_gerror (check->invocation, error);
  check_free (check);
}

static PfDemand *
resolve (Check *check, GError **error)
{
  GDBusMethodInvocation *invocation = check->invocation;

  return pf_demand_resolve (&check->guard->services, g_dbus_method_invocation_get_interface_name (invocation),
                            g_dbus_method_invocation_get_method_name (invocation),
                            g_dbus_method_invocation_get_object_path (invocation),
                            g_dbus_method_invocation_get_parameters (invocation), error);
}

/* A question may stay on the screen for hours. What is carried out is what was asked about, or nothing. */
static gboolean
is_still_meant (Check *check, GError **error)
{
  g_autoptr (PfDemand) now = resolve (check, error);

  if (now == NULL)
    return FALSE;
  if (pf_demand_is_same (check->demand, now))
    return TRUE;
  g_set_error_literal (
      error, PF_ERROR, PF_ERROR_BUSY,
      "The profile was changed while permission was asked for; nothing was done. Please try again.");
  return FALSE;
}

static void
let_in (Check *check)
{
  GDBusMethodInvocation *invocation = check->invocation;
  GDBusInterfaceVTable *vtable = g_dbus_interface_skeleton_get_vtable (check->skeleton);
  g_autoptr (GError) error = NULL;

  if (!is_still_meant (check, &error))
    {
      refuse (check, error);
      return;
    }
  g_object_set_data_full (G_OBJECT (invocation), DEMAND_KEY, g_steal_pointer (&check->demand),
                          (GDestroyNotify) pf_demand_free);
  vtable->method_call (g_dbus_method_invocation_get_connection (invocation),
                       g_dbus_method_invocation_get_sender (invocation),
                       g_dbus_method_invocation_get_object_path (invocation),
                       g_dbus_method_invocation_get_interface_name (invocation),
                       g_dbus_method_invocation_get_method_name (invocation),
                       g_dbus_method_invocation_get_parameters (invocation), invocation, check->skeleton);
  check_free (check);
}

static void
set_refusal (PolkitAuthorizationResult *result, GError **error)
{
  if (polkit_authorization_result_get_dismissed (result))
    g_set_error_literal (error, PF_ERROR, PF_ERROR_AUTHORIZATION_DISMISSED,
                         "The question for permission was closed; nothing was done.");
  else if (polkit_authorization_result_get_is_challenge (result))
    g_set_error_literal (error, PF_ERROR, PF_ERROR_AUTHORIZATION_REQUIRED,
                         "This needs permission, and nobody could be asked for it.");
  else
    g_set_error_literal (error, PF_ERROR, PF_ERROR_NOT_AUTHORIZED,
                         "You are not allowed to do this; nothing was done.");
}

static void
on_authorization_checked (GObject *source, GAsyncResult *async_result, gpointer user_data)
{
  Check *check = user_data;
  g_autoptr (GError) polkit_error = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (PolkitAuthorizationResult) result
      = polkit_authority_check_authorization_finish (POLKIT_AUTHORITY (source), async_result, &polkit_error);

  if (result == NULL)
    {
      g_dbus_error_strip_remote_error (polkit_error);
      g_message ("polkit did not decide: %s", polkit_error->message);
      error = g_error_new (PF_ERROR, PF_ERROR_NOT_AUTHORIZED,
                           "It cannot be decided whether you are allowed to do this, so it was not done: %s",
                           polkit_error->message);
    }
  else if (!polkit_authorization_result_get_is_authorized (result))
    set_refusal (result, &error);
  if (error != NULL)
    refuse (check, error);
  else
    let_in (check);
}

/* For rules: by what is lent and not by what people call it. Without a profile there is no flag, and so no
 * leave. */
static void
add_facts (PolkitDetails *details, const PfDemand *demand)
{
  polkit_details_insert (details, "method", demand->method);
  if (demand->profile == NULL)
    return;
  polkit_details_insert (details, "profile-id", demand->profile->id);
  polkit_details_insert (details, "guest-may-switch", demand->profile->guest_may_switch ? "true" : "false");
}

static PolkitDetails *
create_details (const PfDemand *demand)
{
  PolkitDetails *details = polkit_details_new ();
  const char *message = actions[demand->action].message;

  add_facts (details, demand);
  if (demand->label != NULL)
    polkit_details_insert (details, "profile", demand->label);
  if (demand->controllers != NULL)
    polkit_details_insert (details, "controllers", demand->controllers);
  if (message == NULL || demand->label == NULL)
    return details;
  polkit_details_insert (details, "polkit.message", message);
  polkit_details_insert (details, "polkit.gettext_domain", GETTEXT_PACKAGE);
  return details;
}

static void
ask_polkit (Check *check)
{
  GDBusMessage *message = g_dbus_method_invocation_get_message (check->invocation);
  gboolean may_ask
      = (g_dbus_message_get_flags (message) & G_DBUS_MESSAGE_FLAGS_ALLOW_INTERACTIVE_AUTHORIZATION) != 0;
  g_autoptr (PolkitSubject) subject
      = polkit_system_bus_name_new (g_dbus_method_invocation_get_sender (check->invocation));
  g_autoptr (PolkitDetails) details = create_details (check->demand);

  may_ask = may_ask && !check->demand->no_interaction;
  polkit_authority_check_authorization (check->guard->authority, subject, actions[check->demand->action].id,
                                        details,
                                        may_ask ? POLKIT_CHECK_AUTHORIZATION_FLAGS_ALLOW_USER_INTERACTION
                                                : POLKIT_CHECK_AUTHORIZATION_FLAGS_NONE,
                                        check->cancellable, on_authorization_checked, check);
}

static void
on_authority_found (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Check *check = user_data;
  g_autoptr (GError) error = NULL;
  PolkitAuthority *authority = polkit_authority_get_finish (result, &error);

  if (authority == NULL)
    {
      g_autoptr (GError) refusal = NULL;

      g_dbus_error_strip_remote_error (error);
      refusal
          = g_error_new (PF_ERROR, PF_ERROR_NOT_AUTHORIZED, "polkit cannot be reached: %s", error->message);
      refuse (check, refusal);
      return;
    }
  g_set_object (&check->guard->authority, authority);
  g_object_unref (authority);
  ask_polkit (check);
}

static void
on_caller_vanished (GDBusConnection *connection, const char *name, gpointer user_data)
{
  Check *check = user_data;

  g_cancellable_cancel (check->cancellable);
}

static gboolean
check_limits (Check *check, GError **error)
{
  const char *caller = g_dbus_method_invocation_get_sender (check->invocation);
  guint by_caller = 0;
  guint by_user = 0;

  for (guint i = 0; i < check->guard->pending->len; i++)
    {
      const Check *other = check->guard->pending->pdata[i];

      by_caller += g_str_equal (g_dbus_method_invocation_get_sender (other->invocation), caller);
      by_user += other->demand->caller == check->demand->caller;
    }
  if (by_caller < MAX_PENDING_PER_CALLER && by_user < MAX_PENDING_PER_USER)
    return TRUE;
  g_set_error_literal (error, PF_ERROR, PF_ERROR_LIMIT_EXCEEDED,
                       "Too many requests of yours wait for permission already.");
  return FALSE;
}

static void
authorize (Check *check)
{
  g_autoptr (GError) error = NULL;

  if (check->demand->action == PF_ACTION_OPEN)
    {
      let_in (check);
      return;
    }
  if (!check_limits (check, &error))
    {
      refuse (check, error);
      return;
    }
  g_ptr_array_add (check->guard->pending, check);
  check->cancellable = g_cancellable_new ();
  check->watch_id
      = g_bus_watch_name_on_connection (g_dbus_method_invocation_get_connection (check->invocation),
                                        g_dbus_method_invocation_get_sender (check->invocation),
                                        G_BUS_NAME_WATCHER_FLAGS_NONE, NULL, on_caller_vanished, check, NULL);
  if (check->guard->authority != NULL)
    ask_polkit (check);
  else
    polkit_authority_get_async (check->cancellable, on_authority_found, check);
}

static void
on_caller_known (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Check *check = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  guint32 uid;

  if (reply == NULL)
    {
      g_autoptr (GError) refusal = g_error_new (PF_ERROR, PF_ERROR_NOT_AUTHORIZED,
                                                "It is not known who you are: %s", error->message);

      refuse (check, refusal);
      return;
    }
  g_variant_get (reply, "(u)", &uid);
  check->demand->caller = uid;
  authorize (check);
}

static void
ask_bus (Check *check)
{
  g_dbus_connection_call (g_dbus_method_invocation_get_connection (check->invocation), "org.freedesktop.DBus",
                          "/org/freedesktop/DBus", "org.freedesktop.DBus", "GetConnectionUnixUser",
                          g_variant_new ("(s)", g_dbus_method_invocation_get_sender (check->invocation)),
                          G_VARIANT_TYPE ("(u)"), G_DBUS_CALL_FLAGS_NONE, -1, NULL, on_caller_known, check);
}

static gboolean
find_user (const Check *check, guint32 *user)
{
  return check->guard->gate != NULL
         && pf_gate_get_user (check->guard->gate, g_dbus_method_invocation_get_sender (check->invocation),
                              user);
}

static gboolean
on_guard_call (gpointer user_data)
{
  Check *check = user_data;
  g_autoptr (GError) error = NULL;

  check->demand = resolve (check, &error);
  if (check->demand == NULL)
    refuse (check, error);
  else if (find_user (check, &check->demand->caller))
    authorize (check);
  else
    ask_bus (check);
  return G_SOURCE_REMOVE;
}

/* One call, and the main loop sees to everything else before the next. */
static gboolean
on_turn (gpointer user_data)
{
  PfGuard *guard = user_data;
  Check *check = pf_turns_next (guard->turns);

  if (check != NULL)
    {
      on_guard_call (check);
      return G_SOURCE_CONTINUE;
    }
  guard->turn_id = 0;
  return G_SOURCE_REMOVE;
}

static gboolean
on_arrived (gpointer user_data)
{
  Check *check = user_data;
  PfGuard *guard = check->guard;
  g_autofree char *owner = NULL;
  guint32 user;

  if (find_user (check, &user))
    owner = g_strdup_printf ("%u", user);
  else
    owner = g_strdup (g_dbus_method_invocation_get_sender (check->invocation));
  pf_turns_add (guard->turns, owner, check);
  if (guard->turn_id == 0)
    guard->turn_id = g_idle_add_full (G_PRIORITY_DEFAULT, on_turn, guard, NULL);
  return G_SOURCE_REMOVE;
}

static gboolean
on_calls_done (gpointer user_data)
{
  g_signal_emit (user_data, signals[SIGNAL_IDLE], 0);
  return G_SOURCE_REMOVE;
}

static void
schedule (GSourceFunc function, int priority, gpointer user_data, GDestroyNotify notify)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, priority);
  g_source_set_callback (source, function, user_data, notify);
  g_source_attach (source, NULL);
}

static void
on_invocation_gone (gpointer user_data, GObject *invocation)
{
  PfGuard *guard = user_data;

  if (g_atomic_int_dec_and_test (&guard->n_calls))
    schedule (on_calls_done, G_PRIORITY_DEFAULT, g_object_ref (guard), g_object_unref);
  g_object_unref (guard);
}

/* GDBus emits this in a thread of its own. All the thread does is to hand the call to the main loop; by
 * returning FALSE it makes the call ours to answer. The way home goes before everything, all others have a
 * turn. */
static gboolean
on_authorize_method (GDBusInterfaceSkeleton *skeleton, GDBusMethodInvocation *invocation, gpointer user_data)
{
  PfGuard *guard = user_data;
  Check *check = g_new0 (Check, 1);

  check->guard = g_object_ref (guard);
  check->skeleton = g_object_ref (skeleton);
  check->invocation = invocation;
  g_atomic_int_inc (&guard->n_calls);
  g_object_weak_ref (G_OBJECT (invocation), on_invocation_gone, g_object_ref (guard));
  if (pf_gate_is_urgent (g_dbus_method_invocation_get_interface_name (invocation),
                         g_dbus_method_invocation_get_method_name (invocation)))
    schedule (on_guard_call, G_PRIORITY_HIGH, check, NULL);
  else
    schedule (on_arrived, G_PRIORITY_DEFAULT, check, NULL);
  return FALSE;
}

static void
pf_guard_init (PfGuard *guard)
{
  guard->pending = g_ptr_array_new ();
  guard->turns = pf_turns_new ();
}

static void
pf_guard_finalize (GObject *object)
{
  PfGuard *guard = PF_GUARD (object);

  g_clear_object (&guard->authority);
  g_ptr_array_unref (guard->pending);
  g_clear_handle_id (&guard->turn_id, g_source_remove);
  pf_turns_free (guard->turns);
  G_OBJECT_CLASS (pf_guard_parent_class)->finalize (object);
}

static void
pf_guard_class_init (PfGuardClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pf_guard_finalize;
  /* The last call under way has been answered. */
  signals[SIGNAL_IDLE]
      = g_signal_new ("idle", PF_TYPE_GUARD, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

/**
 * pf_guard_new:
 * @services: what calls can be about; what it points to has to outlive the guard
 *
 * Returns: (transfer full): a guard with nothing to protect yet
 */
PfGuard *
pf_guard_new (const PfServices *services)
{
  PfGuard *guard = g_object_new (PF_TYPE_GUARD, NULL);

  guard->services = *services;
  return guard;
}

/**
 * pf_guard_set_gate:
 * @guard: a guard
 * @gate: (nullable): what calls come through before, and which knows whose they are; has to outlive the
 * guard's calls
 */
void
pf_guard_set_gate (PfGuard *guard, PfGate *gate)
{
  guard->gate = gate;
}

/**
 * pf_guard_protect:
 * @guard: a guard
 * @skeleton: an interface, before it is exported
 *
 * From now on each call of its methods has to be let in by @guard.
 */
void
pf_guard_protect (PfGuard *guard, GDBusInterfaceSkeleton *skeleton)
{
  g_signal_connect_object (skeleton, "g-authorize-method", G_CALLBACK (on_authorize_method), guard, 0);
}

/**
 * pf_guard_count_calls:
 * @guard: a guard
 *
 * Returns: how many calls are not answered yet
 */
guint
pf_guard_count_calls (PfGuard *guard)
{
  return (guint) g_atomic_int_get (&guard->n_calls);
}

/**
 * pf_guard_get_demand:
 * @invocation: a call that was let in
 * @action: what the handler is about to do needs
 * @error: PF_ERROR_NOT_AUTHORIZED
 *
 * For a handler's first line. A call that did not come through the door has no demand, and one that was
 * authorized for something else has another.
 *
 * Returns: (transfer none): what was authorized, which is what the handler has to act on; NULL to do nothing
 */
const PfDemand *
pf_guard_get_demand (GDBusMethodInvocation *invocation, PfAction action, GError **error)
{
  const PfDemand *demand = g_object_get_data (G_OBJECT (invocation), DEMAND_KEY);

  if (demand != NULL && demand->action == action)
    return demand;
  g_set_error (error, PF_ERROR, PF_ERROR_NOT_AUTHORIZED, "%s was not authorized.",
               g_dbus_method_invocation_get_method_name (invocation));
  return NULL;
}
