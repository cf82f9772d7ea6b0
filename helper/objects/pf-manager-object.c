/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-manager-object.h"

#include <gio/gunixfdlist.h>

#include "pf-bus.h"
#include "pf-controller-calls.h"
#include "pf-dbus.h"
#include "pf-file.h"
#include "pf-label-call.h"
#include "pf-manager-call.h"
#include "pf-options.h"
#include "pf-rows.h"
#include "pf-toggle.h"

#define NO_PATH "/"
#define UNSAVED_ID "unsaved"

struct _PfManagerObject
{
  PfServices services;
  PfLabels *labels;
  PfInterests *interests;
  PfDBusObjectSkeleton *skeleton;
  PfDBusManager *manager;
};

static const char *const state_names[] = {
  [PF_SWITCHER_IDLE] = "idle",
  [PF_SWITCHER_APPLYING] = "applying",
  [PF_SWITCHER_AWAITING_RELEASE] = "awaiting-release",
  [PF_SWITCHER_AWAITING_ATTACH] = "awaiting-attach",
  [PF_SWITCHER_AWAITING_CONFIRMATION] = "awaiting-confirmation",
  [PF_SWITCHER_RECOVERING] = "recovering",
  [PF_SWITCHER_DEGRADED] = "degraded",
};

static char **
describe_steps (const PfPreview *preview, const PfBoard *board)
{
  GPtrArray *steps = g_ptr_array_new ();

  for (guint i = 0; preview->plan != NULL && i < preview->plan->steps->len; i++)
    g_ptr_array_add (steps, pf_step_describe (preview->plan->steps->pdata[i], board));
  g_ptr_array_add (steps, NULL);
  return (char **) g_ptr_array_free (steps, FALSE);
}

static gboolean
on_manager_preview (PfDBusManager *manager,
                    GDBusMethodInvocation *invocation,
                    const char *path,
                    gpointer user_data)
{
  const PfServices *services = &((PfManagerObject *) user_data)->services;
  g_autoptr (GError) error = NULL;
  const PfDemand *demand = pf_guard_get_demand (invocation, PF_ACTION_OPEN, &error);
  g_autofree char *id = demand != NULL ? pf_bus_profile_id_from_path (path, &error) : NULL;
  g_autoptr (PfPreview) preview = NULL;
  g_auto (GStrv) steps = NULL;
  const PfProfile *profile;

  if (id == NULL || !pf_switcher_refresh (services->switcher, &error))
    return pf_manager_call_fail (invocation, error);
  profile = pf_store_require (services->store, id, &error);
  if (profile == NULL)
    return pf_manager_call_fail (invocation, error);
  preview = pf_preview_new (services->machine, profile, demand->caller);
  steps = describe_steps (preview, pf_machine_get_board (services->machine));
  pf_dbus_manager_complete_preview (manager, invocation, (const char *const *) steps,
                                    pf_rows_from_changes (preview->changes),
                                    pf_rows_from_objections (preview->objections));
  return TRUE;
}

static gboolean
on_manager_preview_details (PfDBusManager *manager,
                            GDBusMethodInvocation *invocation,
                            GVariant *settings,
                            gpointer user_data)
{
  const PfServices *services = &((PfManagerObject *) user_data)->services;
  g_autoptr (GError) error = NULL;
  const PfDemand *demand = pf_guard_get_demand (invocation, PF_ACTION_OPEN, &error);
  g_autoptr (PfProfile) profile = pf_profile_new (UNSAVED_ID);
  g_autoptr (PfPreview) preview = NULL;
  g_auto (GStrv) steps = NULL;
  const PfBoard *board;

  if (demand == NULL || !pf_switcher_refresh (services->switcher, &error))
    return pf_manager_call_fail (invocation, error);
  board = pf_machine_get_board (services->machine);
  if (!pf_settings_apply (settings, profile, board, &error))
    return pf_manager_call_fail (invocation, error);
  preview = pf_preview_new (services->machine, profile, demand->caller);
  steps = describe_steps (preview, board);
  pf_dbus_manager_complete_preview_details (manager, invocation, (const char *const *) steps,
                                            pf_rows_from_changes (preview->changes),
                                            pf_rows_from_objections (preview->objections),
                                            pf_rows_from_routing (board, preview->plan));
  return TRUE;
}

static void
on_switcher_applied (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PfManagerCall) pending = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *transaction = pf_switcher_apply_finish (PF_SWITCHER (source), result, &error);
  const char *method = g_dbus_method_invocation_get_method_name (pending->invocation);

  if (transaction == NULL)
    pf_manager_call_fail (pending->invocation, error);
  else if (g_str_equal (method, "Toggle"))
    pf_dbus_manager_complete_toggle (pending->manager, pending->invocation, transaction);
  else
    pf_dbus_manager_complete_apply (pending->manager, pending->invocation, transaction);
}

static const PfDemand *
get_switch_demand (GDBusMethodInvocation *invocation, const PfSwitchOptions *options, GError **error)
{
  const PfDemand *demand;

  if (options->override != NULL)
    return pf_guard_get_demand (invocation, PF_ACTION_OVERRIDE, error);
  demand = pf_guard_get_demand (invocation, PF_ACTION_HOME, NULL);
  if (demand != NULL && pf_profile_is_home (demand->profile))
    return demand;
  return pf_guard_get_demand (invocation, PF_ACTION_APPLY, error);
}

/* Apply and Toggle: what is carried out is the profile that was authorized, not what was named. */
static gboolean
begin_switch (PfManagerObject *object, GDBusMethodInvocation *invocation, GVariant *variant)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PfSwitchOptions) options = pf_switch_options_parse (variant, &error);
  const PfDemand *demand = options != NULL ? get_switch_demand (invocation, options, &error) : NULL;
  PfSwitchRequest request;

  if (demand == NULL)
    return pf_manager_call_fail (invocation, error);
  request = (PfSwitchRequest){
    .profile = demand->profile,
    .caller = demand->caller,
    .origin = options->origin,
    .override = (const char *const *) options->override,
    .confirm_seconds = options->confirm_seconds,
    .release_seconds = options->release_seconds,
    .attach_seconds = options->attach_seconds,
  };
  pf_switcher_apply_async (object->services.switcher, &request, on_switcher_applied,
                           pf_manager_call_new (object->manager, invocation));
  return TRUE;
}

static gboolean
on_manager_apply (PfDBusManager *manager,
                  GDBusMethodInvocation *invocation,
                  const char *path,
                  GVariant *options,
                  gpointer user_data)
{
  return begin_switch (user_data, invocation, options);
}

static gboolean
on_manager_toggle (PfDBusManager *manager,
                   GDBusMethodInvocation *invocation,
                   GVariant *options,
                   gpointer user_data)
{
  return begin_switch (user_data, invocation, options);
}

static void
on_switcher_returned (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PfManagerCall) pending = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) left = pf_switcher_return_all_finish (PF_SWITCHER (source), result, &error);

  if (left == NULL)
    pf_manager_call_fail (pending->invocation, error);
  else
    pf_dbus_manager_complete_return_all (pending->manager, pending->invocation, pf_rows_from_left (left));
}

static gboolean
on_manager_return_all (PfDBusManager *manager,
                       GDBusMethodInvocation *invocation,
                       GVariant *variant,
                       gpointer user_data)
{
  PfManagerObject *object = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PfSwitchOptions) options = pf_switch_options_parse_return (variant, &error);

  if (options == NULL || pf_guard_get_demand (invocation, PF_ACTION_HOME, &error) == NULL)
    return pf_manager_call_fail (invocation, error);
  pf_switcher_return_all_async (object->services.switcher, options->origin, on_switcher_returned,
                                pf_manager_call_new (manager, invocation));
  return TRUE;
}

static gboolean
on_manager_confirm (PfDBusManager *manager,
                    GDBusMethodInvocation *invocation,
                    const char *transaction,
                    gpointer user_data)
{
  PfManagerObject *object = user_data;
  g_autoptr (GError) error = NULL;

  if (pf_guard_get_demand (invocation, PF_ACTION_APPLY, &error) == NULL
      || !pf_switcher_confirm (object->services.switcher, transaction, &error))
    return pf_manager_call_fail (invocation, error);
  pf_dbus_manager_complete_confirm (manager, invocation);
  return TRUE;
}

static void
on_switcher_reverted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PfManagerCall) pending = user_data;
  g_autoptr (GError) error = NULL;

  if (pf_switcher_revert_finish (PF_SWITCHER (source), result, &error))
    pf_dbus_manager_complete_revert (pending->manager, pending->invocation);
  else
    pf_manager_call_fail (pending->invocation, error);
}

static gboolean
on_manager_revert (PfDBusManager *manager,
                   GDBusMethodInvocation *invocation,
                   const char *transaction,
                   gpointer user_data)
{
  PfManagerObject *object = user_data;
  g_autoptr (GError) error = NULL;

  if (pf_guard_get_demand (invocation, PF_ACTION_HOME, &error) == NULL)
    return pf_manager_call_fail (invocation, error);
  pf_switcher_revert_async (object->services.switcher, transaction, on_switcher_reverted,
                            pf_manager_call_new (manager, invocation));
  return TRUE;
}

static gboolean
on_manager_add_profile (PfDBusManager *manager,
                        GDBusMethodInvocation *invocation,
                        const char *id,
                        GVariant *settings,
                        gpointer user_data)
{
  const PfServices *services = &((PfManagerObject *) user_data)->services;
  g_autoptr (GError) error = NULL;
  const PfDemand *demand = pf_guard_get_demand (invocation, PF_ACTION_EDIT, &error);
  g_autoptr (PfProfile) profile = demand != NULL ? pf_profile_new (demand->label) : NULL;
  g_autofree char *path = NULL;

  if (profile == NULL
      || !pf_settings_apply (settings, profile, pf_machine_get_board (services->machine), &error)
      || !pf_store_add (services->store, profile, &error))
    return pf_manager_call_fail (invocation, error);
  path = pf_bus_profile_path (profile->id);
  pf_dbus_manager_complete_add_profile (manager, invocation, path);
  return TRUE;
}

static gboolean
on_manager_label_port (PfDBusManager *manager,
                       GDBusMethodInvocation *invocation,
                       const char *path,
                       const char *port,
                       const char *label,
                       gpointer user_data)
{
  PfManagerObject *object = user_data;
  const PfBoard *board = pf_machine_get_board (object->services.machine);
  g_autoptr (GError) error = NULL;

  if (pf_guard_get_demand (invocation, PF_ACTION_EDIT, &error) == NULL
      || !pf_label_call_set_port (board, object->labels, path, port, label, &error))
    return pf_manager_call_fail (invocation, error);
  pf_dbus_manager_complete_label_port (manager, invocation);
  return TRUE;
}

static gboolean
on_manager_label_socket (PfDBusManager *manager,
                         GDBusMethodInvocation *invocation,
                         const char *path,
                         const char *socket,
                         GVariant *settings,
                         gpointer user_data)
{
  PfManagerObject *object = user_data;
  const PfBoard *board = pf_machine_get_board (object->services.machine);
  g_autoptr (GError) error = NULL;

  if (pf_guard_get_demand (invocation, PF_ACTION_EDIT, &error) == NULL
      || !pf_label_call_set_socket (board, object->labels, path, socket, settings, &error))
    return pf_manager_call_fail (invocation, error);
  pf_dbus_manager_complete_label_socket (manager, invocation);
  return TRUE;
}

static gboolean
on_manager_register_interest (PfDBusManager *manager,
                              GDBusMethodInvocation *invocation,
                              GUnixFDList *fds,
                              gpointer user_data)
{
  PfManagerObject *object = user_data;
  g_autoptr (GUnixFDList) list = g_unix_fd_list_new ();
  g_autoptr (GError) error = NULL;
  const PfDemand *demand = pf_guard_get_demand (invocation, PF_ACTION_OPEN, &error);
  g_auto (PfFd) fd = demand != NULL ? pf_interests_add (object->interests, demand->caller, &error) : -1;
  int handle = fd >= 0 ? g_unix_fd_list_append (list, fd, &error) : -1;

  if (handle < 0)
    return pf_manager_call_fail (invocation, error);
  pf_dbus_manager_complete_register_interest (manager, invocation, list, g_variant_new_handle (handle));
  return TRUE;
}

static void
on_switcher_switched (PfSwitcher *switcher,
                      const char *profile,
                      const char *origin,
                      GPtrArray *changes,
                      PfManagerObject *object)
{
  g_autofree char *path = pf_bus_profile_path (profile);

  pf_dbus_manager_emit_switched (object->manager, path, origin, pf_rows_from_changes (changes));
}

static void
on_switcher_failed (PfSwitcher *switcher,
                    const char *profile,
                    const char *origin,
                    const GError *error,
                    PfManagerObject *object)
{
  g_autofree char *path = pf_bus_profile_path (profile);
  g_autofree char *name = g_dbus_error_encode_gerror (error);

  pf_dbus_manager_emit_switch_failed (object->manager, path, origin, name, error->message);
}

static void
on_switcher_drifted (
    PfSwitcher *switcher, const char *router, guint was, guint is, const char *who, PfManagerObject *object)
{
  g_autofree char *path = pf_bus_controller_path (router);

  pf_dbus_manager_emit_drifted (object->manager, path, was, is, who);
}

static void
on_switcher_release_wanted (PfSwitcher *switcher,
                            const char *address,
                            const char *holder,
                            PfManagerObject *object)
{
  g_autofree char *path = pf_bus_controller_path (address);

  pf_dbus_manager_emit_release_wanted (object->manager, path, holder);
}

static void
on_switcher_attach_wanted (PfSwitcher *switcher,
                           const char *const *addresses,
                           const char *profile,
                           PfManagerObject *object)
{
  g_autoptr (GStrvBuilder) paths = g_strv_builder_new ();
  g_auto (GStrv) controllers = NULL;
  g_autofree char *path = pf_bus_profile_path (profile);

  for (guint i = 0; addresses[i] != NULL; i++)
    {
      g_autofree char *controller = pf_bus_controller_path (addresses[i]);

      g_strv_builder_add (paths, controller);
    }
  controllers = g_strv_builder_end (paths);
  pf_dbus_manager_emit_attach_wanted (object->manager, (const char *const *) controllers, path);
}

static void
connect_signals (PfManagerObject *object)
{
  PfSwitcher *switcher = object->services.switcher;

  g_signal_connect (object->manager, "handle-preview", G_CALLBACK (on_manager_preview), object);
  g_signal_connect (object->manager, "handle-preview-details", G_CALLBACK (on_manager_preview_details),
                    object);
  g_signal_connect (object->manager, "handle-apply", G_CALLBACK (on_manager_apply), object);
  g_signal_connect (object->manager, "handle-toggle", G_CALLBACK (on_manager_toggle), object);
  g_signal_connect (object->manager, "handle-return-all", G_CALLBACK (on_manager_return_all), object);
  g_signal_connect (object->manager, "handle-confirm", G_CALLBACK (on_manager_confirm), object);
  g_signal_connect (object->manager, "handle-revert", G_CALLBACK (on_manager_revert), object);
  g_signal_connect (object->manager, "handle-add-profile", G_CALLBACK (on_manager_add_profile), object);
  g_signal_connect (object->manager, "handle-label-port", G_CALLBACK (on_manager_label_port), object);
  g_signal_connect (object->manager, "handle-label-socket", G_CALLBACK (on_manager_label_socket), object);
  pf_controller_calls_connect (object->manager, &object->services);
  g_signal_connect (object->manager, "handle-register-interest", G_CALLBACK (on_manager_register_interest),
                    object);
  g_signal_connect (switcher, "switched", G_CALLBACK (on_switcher_switched), object);
  g_signal_connect (switcher, "failed", G_CALLBACK (on_switcher_failed), object);
  g_signal_connect (switcher, "drifted", G_CALLBACK (on_switcher_drifted), object);
  g_signal_connect (switcher, "release-wanted", G_CALLBACK (on_switcher_release_wanted), object);
  g_signal_connect (switcher, "attach-wanted", G_CALLBACK (on_switcher_attach_wanted), object);
}

/**
 * pf_manager_object_new:
 * @guard: lets calls in
 * @services: what the helper knows
 * @labels: what people call the ports
 * @interests: who is interested
 *
 * Returns: (transfer full): the manager's object, not exported yet
 */
PfManagerObject *
pf_manager_object_new (PfGuard *guard, const PfServices *services, PfLabels *labels, PfInterests *interests)
{
  PfManagerObject *object = g_new0 (PfManagerObject, 1);

  object->services = *services;
  object->labels = g_object_ref (labels);
  object->interests = g_object_ref (interests);
  object->skeleton = pf_dbus_object_skeleton_new (PF_BUS_MANAGER_PATH);
  object->manager = pf_dbus_manager_skeleton_new ();
  pf_dbus_manager_set_version (object->manager, PF_VERSION);
  connect_signals (object);
  pf_guard_protect (guard, G_DBUS_INTERFACE_SKELETON (object->manager));
  pf_dbus_object_skeleton_set_manager (object->skeleton, object->manager);
  return object;
}

/**
 * pf_manager_object_free:
 * @object: (transfer full): an object that is no longer exported
 */
void
pf_manager_object_free (PfManagerObject *object)
{
  g_signal_handlers_disconnect_by_data (object->services.switcher, object);
  g_signal_handlers_disconnect_by_data (object->manager, object);
  g_signal_handlers_disconnect_by_data (object->manager, &object->services);
  g_object_unref (object->manager);
  g_object_unref (object->skeleton);
  g_object_unref (object->interests);
  g_object_unref (object->labels);
  g_free (object);
}

/**
 * pf_manager_object_get_skeleton:
 * @object: an object
 *
 * Returns: (transfer none): what to export
 */
GDBusObjectSkeleton *
pf_manager_object_get_skeleton (PfManagerObject *object)
{
  return G_DBUS_OBJECT_SKELETON (object->skeleton);
}

/* What keeps this machine from lending anything at all. */
static GError *
find_problem (const PfBoard *board)
{
  g_autoptr (GError) first = NULL;

  if (board->controllers->len == 0)
    return g_error_new_literal (PF_ERROR, PF_ERROR_NO_SUCH_DEVICE, "This machine has no USB controller.");
  for (guint i = 0; i < board->controllers->len; i++)
    {
      g_autoptr (GError) error = NULL;

      if (pf_controller_can_be_lent (board, board->controllers->pdata[i], &error)
          || error->code != PF_ERROR_NO_IOMMU)
        return NULL;
      if (first == NULL)
        first = g_steal_pointer (&error);
    }
  return g_steal_pointer (&first);
}

static void
update_problem (PfManagerObject *object)
{
  const GError *degraded = pf_switcher_get_problem (object->services.switcher);
  g_autoptr (GError) problem = NULL;

  problem = degraded != NULL ? g_error_copy (degraded)
                             : find_problem (pf_machine_get_board (object->services.machine));
  pf_dbus_manager_set_problem (object->manager, problem != NULL ? problem->message : "");
  pf_dbus_manager_set_problem_code (object->manager,
                                    problem != NULL ? pf_error_get_name ((PfError) problem->code) : "");
}

/**
 * pf_manager_object_update:
 * @object: an object
 *
 * Publishes what is different from before.
 */
void
pf_manager_object_update (PfManagerObject *object)
{
  PfSwitcher *switcher = object->services.switcher;
  const char *active_id = pf_switcher_get_active (switcher);
  g_autofree char *previous_id = pf_ledger_get_previous (pf_machine_get_ledger (object->services.machine));
  g_autofree char *active = pf_bus_profile_path (active_id);
  g_autofree char *toggle_id = pf_toggle_find_target (&object->services);
  g_autofree char *toggle = pf_bus_profile_path (toggle_id);
  g_autofree char *previous = NULL;

  if (previous_id != NULL && !g_str_equal (previous_id, active_id)
      && pf_store_find (object->services.store, previous_id) != NULL)
    previous = pf_bus_profile_path (previous_id);
  pf_dbus_manager_set_state (object->manager, state_names[pf_switcher_get_state (switcher)]);
  pf_dbus_manager_set_active_profile (object->manager, active);
  pf_dbus_manager_set_previous_profile (object->manager, previous != NULL ? previous : NO_PATH);
  pf_dbus_manager_set_toggle_profile (object->manager, toggle);
  pf_dbus_manager_set_transaction (object->manager, pf_switcher_get_transaction (switcher));
  pf_dbus_manager_set_deadline (object->manager, (guint64) pf_switcher_get_deadline (switcher));
  pf_dbus_manager_set_built_in_input (
      object->manager, pf_rows_describe_built_in_input (pf_machine_get_board (object->services.machine)));
  update_problem (object);
}
