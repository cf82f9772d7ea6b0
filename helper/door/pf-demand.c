/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-demand.h"

#include "pf-bus.h"
#include "pf-loan-notes.h"
#include "pf-options.h"
#include "pf-take-home.h"
#include "pf-toggle.h"

/* A prompt is read by people. */
#define MAX_NAMED_CONTROLLERS 6
/* What a caller says is taken apart before it is known whether he may. More than the largest profile says
 * nobody needs. */
#define MAX_PARAMETERS PF_PROFILE_MAX_SIZE

#define MANAGER PF_BUS_NAME ".Manager"
#define PROFILE PF_BUS_NAME ".Profile"

/* The arguments of one call. */
typedef struct
{
  const PfServices *services;
  const char *object_path;
  GVariant *parameters;
} Call;

typedef gboolean (*Resolver) (const Call *call, PfDemand *demand, GError **error);

/**
 * pf_demand_free:
 * @demand: (transfer full): a demand
 */
void
pf_demand_free (PfDemand *demand)
{
  g_clear_pointer (&demand->profile, pf_profile_free);
  g_free (demand->fingerprint);
  g_free (demand->label);
  g_free (demand->controllers);
  g_free (demand->method);
  g_free (demand);
}

static char *
name_controllers (const PfProfile *profile, const PfBoard *board)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_auto (GStrv) ports = pf_port_set_to_names (&profile->ports);

  for (guint i = 0; i < profile->controllers->len && i < MAX_NAMED_CONTROLLERS; i++)
    {
      const PfDeviceKey *key = profile->controllers->pdata[i];
      const PfController *controller = pf_device_key_resolve (key, profile, board, NULL);

      g_ptr_array_add (names, controller != NULL ? pf_function_describe (controller->function)
                                                 : g_strdup (key->address));
    }
  if (profile->controllers->len > MAX_NAMED_CONTROLLERS)
    g_ptr_array_add (names, g_strdup ("…"));
  if (ports[0] != NULL)
    g_ptr_array_add (names, g_strjoinv (" ", ports));
  g_ptr_array_add (names, NULL);
  return g_strjoinv (", ", (char **) names->pdata);
}

/* Returns: (transfer full): all functions that @plan moves, as far as a prompt can name them */
static char *
name_moved (const PfBoard *board, const PfPlan *plan)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const PfStep *step = plan->steps->pdata[0];

  for (guint i = 0; i < step->moves->len && i < MAX_NAMED_CONTROLLERS; i++)
    {
      const PfFunction *function
          = pf_board_find_function (board, ((PfMove *) step->moves->pdata[i])->address);
      g_autofree char *name = pf_function_describe (function);

      g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", name);
    }
  if (step->moves->len > MAX_NAMED_CONTROLLERS)
    g_string_append (text, ", …");
  return g_strdup (text->str);
}

static void
set_profile (PfDemand *demand, const PfServices *services, const PfProfile *profile)
{
  demand->profile = pf_profile_copy (profile);
  demand->fingerprint = pf_store_get_fingerprint (services->store, profile->id);
  demand->label = g_strdup (profile->label);
  demand->controllers = name_controllers (profile, pf_machine_get_board (services->machine));
}

static gboolean
resolve_open (const Call *call, PfDemand *demand, GError **error)
{
  demand->action = PF_ACTION_OPEN;
  return TRUE;
}

static gboolean
resolve_switch (
    const Call *call, const PfProfile *profile, GVariant *variant, PfDemand *demand, GError **error)
{
  g_autoptr (PfSwitchOptions) options = pf_switch_options_parse (variant, error);

  if (options == NULL || profile == NULL)
    return FALSE;
  if (options->override != NULL)
    demand->action = PF_ACTION_OVERRIDE;
  else
    demand->action = pf_profile_is_home (profile) ? PF_ACTION_HOME : PF_ACTION_APPLY;
  demand->no_interaction = options->no_interaction;
  set_profile (demand, call->services, profile);
  return TRUE;
}

static gboolean
resolve_apply (const Call *call, PfDemand *demand, GError **error)
{
  g_autoptr (GVariant) options = g_variant_get_child_value (call->parameters, 1);
  g_autofree char *id = NULL;
  const PfProfile *profile;
  const char *path;

  g_variant_get_child (call->parameters, 0, "&o", &path);
  id = pf_bus_profile_id_from_path (path, error);
  profile = id != NULL ? pf_store_require (call->services->store, id, error) : NULL;
  return profile != NULL && resolve_switch (call, profile, options, demand, error);
}

static gboolean
resolve_toggle (const Call *call, PfDemand *demand, GError **error)
{
  g_autoptr (GVariant) options = g_variant_get_child_value (call->parameters, 0);
  g_autofree char *id = pf_toggle_find_target (call->services);
  const PfProfile *profile = pf_store_require (call->services->store, id, error);

  return profile != NULL && resolve_switch (call, profile, options, demand, error);
}

static gboolean
resolve_return_all (const Call *call, PfDemand *demand, GError **error)
{
  g_autoptr (GVariant) variant = g_variant_get_child_value (call->parameters, 0);
  g_autoptr (PfSwitchOptions) options = pf_switch_options_parse_return (variant, error);

  if (options == NULL)
    return FALSE;
  demand->action = PF_ACTION_HOME;
  demand->no_interaction = options->no_interaction;
  return TRUE;
}

static gboolean
resolve_pending (const Call *call, PfDemand *demand, GError **error)
{
  const PfStoreEntry *entry;
  const char *transaction;
  const char *id;

  g_variant_get_child (call->parameters, 0, "&s", &transaction);
  id = pf_switcher_get_pending (call->services->switcher, transaction, error);
  if (id == NULL)
    return FALSE;
  entry = pf_store_find (call->services->store, id);
  if (entry != NULL && entry->profile != NULL)
    set_profile (demand, call->services, entry->profile);
  return TRUE;
}

static gboolean
resolve_confirm (const Call *call, PfDemand *demand, GError **error)
{
  demand->action = PF_ACTION_APPLY;
  return resolve_pending (call, demand, error);
}

static gboolean
resolve_revert (const Call *call, PfDemand *demand, GError **error)
{
  demand->action = PF_ACTION_HOME;
  return resolve_pending (call, demand, error);
}

static gboolean
resolve_add (const Call *call, PfDemand *demand, GError **error)
{
  g_autoptr (GVariant) settings = g_variant_get_child_value (call->parameters, 1);
  const char *id;

  g_variant_get_child (call->parameters, 0, "&s", &id);
  if (!pf_profile_id_is_valid (id, error) || !pf_settings_check (settings, &demand->no_interaction, error))
    return FALSE;
  demand->action = PF_ACTION_EDIT;
  demand->fingerprint = pf_store_get_fingerprint (call->services->store, id);
  demand->label = g_strdup (id);
  return TRUE;
}

static gboolean
resolve_edit (const Call *call, PfDemand *demand, GError **error)
{
  g_autofree char *id = pf_bus_profile_id_from_path (call->object_path, error);
  const PfStoreEntry *entry = id != NULL ? pf_store_find (call->services->store, id) : NULL;

  if (id == NULL)
    return FALSE;
  if (g_str_equal (id, PF_PROFILE_HOME))
    {
      g_set_error_literal (error, PF_ERROR, PF_ERROR_INVALID_ARGUMENT,
                           "The profile home is built in and stays as it is.");
      return FALSE;
    }
  if (entry == NULL)
    return pf_store_require (call->services->store, id, error) != NULL;
  demand->action = PF_ACTION_EDIT;
  demand->label = g_strdup (id);
  demand->fingerprint = pf_store_get_fingerprint (call->services->store, id);
  if (entry->profile == NULL)
    return TRUE;
  demand->profile = pf_profile_copy (entry->profile);
  demand->controllers = name_controllers (entry->profile, pf_machine_get_board (call->services->machine));
  return TRUE;
}

static gboolean
resolve_update (const Call *call, PfDemand *demand, GError **error)
{
  g_autoptr (GVariant) settings = g_variant_get_child_value (call->parameters, 0);

  return pf_settings_check (settings, &demand->no_interaction, error) && resolve_edit (call, demand, error);
}

static gboolean
resolve_details (const Call *call, PfDemand *demand, GError **error)
{
  g_autoptr (GVariant) settings = g_variant_get_child_value (call->parameters, 0);
  gboolean no_interaction;

  demand->action = PF_ACTION_OPEN;
  return pf_settings_check (settings, &no_interaction, error);
}

static gboolean
resolve_socket (const Call *call, PfDemand *demand, GError **error)
{
  g_autoptr (GVariant) settings = g_variant_get_child_value (call->parameters, 2);

  demand->action = PF_ACTION_EDIT;
  return pf_note_settings_check (settings, &demand->no_interaction, error);
}

static gboolean
resolve_try (const Call *call, PfDemand *demand, GError **error)
{
  g_autoptr (GVariant) options = g_variant_get_child_value (call->parameters, 2);

  demand->action = PF_ACTION_EDIT;
  return pf_try_options_check (options, &demand->no_interaction, error);
}

/* The prompt names all functions that move; the handler compares them with what it is about to move. Whether
 * a virtual machine holds them is seen there, with a fresh look: this board may be from before it ended. */
static gboolean
resolve_take_home (const Call *call, PfDemand *demand, GError **error)
{
  const PfBoard *board = pf_machine_get_board (call->services->machine);
  g_autoptr (GVariant) variant = g_variant_get_child_value (call->parameters, 1);
  g_autoptr (PfSwitchOptions) options = pf_switch_options_parse_return (variant, error);
  g_autofree char *address = NULL;
  g_autoptr (PfPlan) plan = NULL;
  const PfController *controller;
  const char *path;

  if (options == NULL)
    return FALSE;
  g_variant_get_child (call->parameters, 0, "&o", &path);
  address = pf_bus_controller_address_from_path (path, error);
  controller = address != NULL ? pf_board_require_controller (board, address, error) : NULL;
  plan = controller != NULL ? pf_take_home_plan (board, controller, error) : NULL;
  if (plan == NULL)
    return FALSE;
  demand->action = PF_ACTION_TAKE_HOME;
  demand->no_interaction = options->no_interaction;
  demand->label = g_strdup (address);
  demand->controllers = name_moved (board, plan);
  demand->fingerprint = pf_take_home_name (board, address);
  return TRUE;
}

static gboolean
resolve_label (const Call *call, PfDemand *demand, GError **error)
{
  demand->action = PF_ACTION_EDIT;
  return TRUE;
}

/* Who may call what, one method a line. A method that is not here is denied to everybody. */
/* clang-format off */
static const struct
{
  const char *interface;
  const char *method;
  Resolver resolve;
} table[] = {
  { MANAGER, "Preview", resolve_open },
  { MANAGER, "PreviewDetails", resolve_details },
  { MANAGER, "RegisterInterest", resolve_open },
  { MANAGER, "Apply", resolve_apply },
  { MANAGER, "Toggle", resolve_toggle },
  { MANAGER, "ReturnAll", resolve_return_all },
  { MANAGER, "Confirm", resolve_confirm },
  { MANAGER, "Revert", resolve_revert },
  { MANAGER, "AddProfile", resolve_add },
  { MANAGER, "LabelPort", resolve_label },
  { MANAGER, "LabelSocket", resolve_socket },
  { MANAGER, "TryPort", resolve_try },
  { MANAGER, "TakeHome", resolve_take_home },
  { PROFILE, "Update", resolve_update },
  { PROFILE, "Remove", resolve_edit },
};
/* clang-format on */

static Resolver
find_resolver (const char *interface, const char *method)
{
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    if (g_str_equal (table[i].interface, interface) && g_str_equal (table[i].method, method))
      return table[i].resolve;
  return NULL;
}

/**
 * pf_demand_is_known:
 * @interface: a D-Bus interface
 * @method: one of its methods
 *
 * Returns: whether anybody at all may call it
 */
gboolean
pf_demand_is_known (const char *interface, const char *method)
{
  return find_resolver (interface, method) != NULL;
}

/**
 * pf_demand_resolve:
 * @services: what the call is about
 * @interface: a D-Bus interface
 * @method: one of its methods
 * @object_path: the object that is called
 * @parameters: its arguments, of the types that the interface says
 * @error: PF_ERROR_NOT_AUTHORIZED for a method that is not in the table; PF_ERROR_LIMIT_EXCEEDED; else what
 * is wrong with the arguments, so that nobody is asked for a password for what cannot be done
 *
 * Returns: (transfer full): what the call asks for, or NULL
 */
PfDemand *
pf_demand_resolve (const PfServices *services,
                   const char *interface,
                   const char *method,
                   const char *object_path,
                   GVariant *parameters,
                   GError **error)
{
  Resolver resolve = find_resolver (interface, method);
  Call call = { .services = services, .object_path = object_path, .parameters = parameters };
  g_autoptr (PfDemand) demand = g_new0 (PfDemand, 1);

  if (resolve == NULL)
    {
      g_set_error (error, PF_ERROR, PF_ERROR_NOT_AUTHORIZED, "Nobody may call %s.%s.", interface, method);
      return NULL;
    }
  demand->method = g_strdup (method);
  if (g_variant_get_size (parameters) > MAX_PARAMETERS)
    {
      g_set_error (error, PF_ERROR, PF_ERROR_LIMIT_EXCEEDED, "The arguments of %s are larger than %d bytes.",
                   method, MAX_PARAMETERS);
      return NULL;
    }
  return resolve (&call, demand, error) ? g_steal_pointer (&demand) : NULL;
}

/**
 * pf_demand_is_same:
 * @demand: what was authorized
 * @other: what the same call asks for now
 *
 * Returns: whether nothing that counts has changed meanwhile
 */
gboolean
pf_demand_is_same (const PfDemand *demand, const PfDemand *other)
{
  const char *id = demand->profile != NULL ? demand->profile->id : NULL;
  const char *other_id = other->profile != NULL ? other->profile->id : NULL;

  return demand->action == other->action && g_strcmp0 (id, other_id) == 0
         && g_strcmp0 (demand->fingerprint, other->fingerprint) == 0;
}
