/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-options.h"

#include <string.h>

#include "pf-attach.h"
#include "pf-error.h"
#include "pf-objection.h"
#include "pf-origin.h"
#include "pf-release.h"

#define MAX_OVERRIDES 32
#define MAX_CODE 64
#define MAX_PORTS 64

typedef struct
{
  const char *key;
  const char *type;
} OptionSpec;

static const OptionSpec switch_specs[] = {
  { "origin", "s" },          { "vm", "s" },
  { "no-interaction", "b" },  { "override", "as" },
  { "confirm-seconds", "u" }, { "release-seconds", "u" },
  { "attach-seconds", "u" },  { NULL, NULL },
};

static const OptionSpec return_specs[] = {
  { "origin", "s" },
  { "vm", "s" },
  { "no-interaction", "b" },
  { NULL, NULL },
};

static const OptionSpec settings_specs[] = {
  { "label", "s" },
  { "icon", "s" },
  { "controllers", "as" },
  { "ports", "as" },
  { "side", "s" },
  { "vfio-user", "s" },
  { "vfio-group", "s" },
  { "no-interaction", "b" },
  { "qmp", "s" },
  { "libvirt-domain", "s" },
  { "libvirt-uri", "s" },
  { "confirm", "s" },
  { "confirm-seconds", "u" },
  { "on-vm-exit", "s" },
  { "super-speed-off", "b" },
  { "guest-may-switch", "b" },
  { "lock-on-switch", "b" },
  { NULL, NULL },
};

static const OptionSpec note_specs[] = {
  { "label", "s" }, { "place", "s" }, { "colour", "s" }, { "no-interaction", "b" }, { NULL, NULL },
};

static const OptionSpec try_specs[] = { { "no-interaction", "b" }, { NULL, NULL } };

static const char *const origins[] = { "tray", "ctl", "hotkey", PF_ORIGIN_GUEST, NULL };

static gboolean
check_option (const OptionSpec *specs, const char *key, GVariant *value, GError **error)
{
  for (const OptionSpec *spec = specs; spec->key != NULL; spec++)
    {
      if (!g_str_equal (key, spec->key))
        continue;
      if (g_variant_is_of_type (value, G_VARIANT_TYPE (spec->type)))
        return TRUE;
      g_set_error (error, PF_ERROR, PF_ERROR_INVALID_ARGUMENT,
                   "The option “%s” has the type “%s”, and has to be “%s”.", key,
                   g_variant_get_type_string (value), spec->type);
      return FALSE;
    }
  g_set_error (error, PF_ERROR, PF_ERROR_INVALID_ARGUMENT, "There is no option “%s” here.",
               strlen (key) <= MAX_CODE ? key : "…");
  return FALSE;
}

/* Each key is known, of its type, and there once. */
static gboolean
check_options (GVariant *options, const OptionSpec *specs, GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GVariantIter iter;
  const char *key;
  GVariant *value;

  g_variant_iter_init (&iter, options);
  while (g_variant_iter_loop (&iter, "{&sv}", &key, &value))
    {
      gboolean valid = check_option (specs, key, value, error);

      if (valid && !g_hash_table_add (seen, g_strdup (key)))
        {
          g_set_error (error, PF_ERROR, PF_ERROR_INVALID_ARGUMENT, "The option “%s” is given twice.", key);
          valid = FALSE;
        }
      if (!valid)
        {
          g_variant_unref (value);
          return FALSE;
        }
    }
  return TRUE;
}

/* One that is not needed is let pass: what spoke against the switch may be gone since. */
static gboolean
check_codes (const char *const *codes, GError **error)
{
  for (guint i = 0; codes[i] != NULL; i++)
    {
      if (i < MAX_OVERRIDES && pf_objection_code_exists (codes[i]))
        continue;
      g_set_error (
          error, PF_ERROR, PF_ERROR_INVALID_ARGUMENT,
          "“override” names objections by their codes, as Preview gives them, %d at most; “%s” is none.",
          MAX_OVERRIDES, strlen (codes[i]) <= MAX_CODE ? codes[i] : "…");
      return FALSE;
    }
  return TRUE;
}

static gboolean
check_values (const PfSwitchOptions *options, GError **error)
{
  guint seconds = options->confirm_seconds;

  if (!g_strv_contains (origins, options->origin))
    g_set_error_literal (error, PF_ERROR, PF_ERROR_INVALID_ARGUMENT,
                         "An origin is “tray”, “ctl”, “hotkey” or “guest”.");
  else if (seconds != 0 && (seconds < PF_CONFIRM_MIN_SECONDS || seconds > PF_CONFIRM_MAX_SECONDS))
    g_set_error (error, PF_ERROR, PF_ERROR_INVALID_ARGUMENT, "“confirm-seconds” is %d to %d.",
                 PF_CONFIRM_MIN_SECONDS, PF_CONFIRM_MAX_SECONDS);
  else
    return options->override == NULL || check_codes ((const char *const *) options->override, error);
  return FALSE;
}

static gboolean
take_vm (PfSwitchOptions *options, GVariant *variant, GError **error)
{
  g_autofree char *plain = NULL;
  const char *vm;

  if (!g_variant_lookup (variant, "vm", "&s", &vm))
    return TRUE;
  if (!pf_origin_is_guest (options->origin) || !pf_origin_vm_is_valid (vm))
    {
      g_set_error (error, PF_ERROR, PF_ERROR_INVALID_ARGUMENT,
                   "“vm” is a name of 1 to %d characters on one line, and goes with the origin “guest”.",
                   PF_ORIGIN_MAX_VM);
      return FALSE;
    }
  plain = g_steal_pointer (&options->origin);
  options->origin = pf_origin_new (plain, vm);
  return TRUE;
}

static gboolean
take_seconds (GVariant *variant, const char *key, guint min, guint max, guint *seconds, GError **error)
{
  if (!g_variant_lookup (variant, key, "u", seconds) || (*seconds >= min && *seconds <= max))
    return TRUE;
  g_set_error (error, PF_ERROR, PF_ERROR_INVALID_ARGUMENT, "“%s” is %u to %u.", key, min, max);
  return FALSE;
}

static PfSwitchOptions *
parse (GVariant *variant, const OptionSpec *specs, GError **error)
{
  g_autoptr (PfSwitchOptions) options = g_new0 (PfSwitchOptions, 1);
  gboolean has_seconds;

  if (!check_options (variant, specs, error))
    return NULL;
  if (!g_variant_lookup (variant, "origin", "s", &options->origin))
    options->origin = g_strdup (PF_ORIGIN_CTL);
  g_variant_lookup (variant, "no-interaction", "b", &options->no_interaction);
  g_variant_lookup (variant, "override", "^as", &options->override);
  has_seconds = g_variant_lookup (variant, "confirm-seconds", "u", &options->confirm_seconds);
  if (has_seconds && options->confirm_seconds == 0)
    options->confirm_seconds = G_MAXUINT;
  if (!take_seconds (variant, "release-seconds", PF_RELEASE_MIN_SECONDS, PF_RELEASE_MAX_SECONDS,
                     &options->release_seconds, error)
      || !take_seconds (variant, "attach-seconds", PF_ATTACH_MIN_SECONDS, PF_ATTACH_MAX_SECONDS,
                        &options->attach_seconds, error))
    return NULL;
  if (!check_values (options, error))
    return NULL;
  if (options->override != NULL && options->override[0] == NULL)
    g_clear_pointer (&options->override, g_strfreev);
  if (!take_vm (options, variant, error))
    return NULL;
  return g_steal_pointer (&options);
}

/**
 * pf_switch_options_parse:
 * @options: an a{sv} from a caller
 * @error: PF_ERROR_INVALID_ARGUMENT
 *
 * Returns: (transfer full): the options of Apply and Toggle, each of them checked; or NULL
 */
PfSwitchOptions *
pf_switch_options_parse (GVariant *options, GError **error)
{
  return parse (options, switch_specs, error);
}

/**
 * pf_switch_options_parse_return:
 * @options: an a{sv} from a caller
 * @error: PF_ERROR_INVALID_ARGUMENT
 *
 * Returns: (transfer full): the options of ReturnAll; or NULL
 */
PfSwitchOptions *
pf_switch_options_parse_return (GVariant *options, GError **error)
{
  return parse (options, return_specs, error);
}

/**
 * pf_switch_options_free:
 * @options: (transfer full): options
 */
void
pf_switch_options_free (PfSwitchOptions *options)
{
  g_free (options->origin);
  g_strfreev (options->override);
  g_free (options);
}

/* Controllers are counted where they are looked up. */
static gboolean
check_ports (GVariant *settings, GError **error)
{
  g_autoptr (GVariant) ports = g_variant_lookup_value (settings, "ports", G_VARIANT_TYPE_STRING_ARRAY);

  if (ports == NULL || g_variant_n_children (ports) <= MAX_PORTS)
    return TRUE;
  g_set_error (error, PF_ERROR, PF_ERROR_LIMIT_EXCEEDED, "“ports” names more than %d ports.", MAX_PORTS);
  return FALSE;
}

/**
 * pf_settings_check:
 * @settings: an a{sv} from a caller: what a profile shall say
 * @no_interaction: (out): fail at once where a person would have to be asked
 * @error: PF_ERROR_INVALID_ARGUMENT
 *
 * Returns: whether every key is known and of its type
 */
gboolean
pf_settings_check (GVariant *settings, gboolean *no_interaction, GError **error)
{
  *no_interaction = FALSE;
  if (!check_options (settings, settings_specs, error) || !check_ports (settings, error))
    return FALSE;
  g_variant_lookup (settings, "no-interaction", "b", no_interaction);
  return TRUE;
}

static gboolean
check_interaction (GVariant *options, const OptionSpec *specs, gboolean *no_interaction, GError **error)
{
  *no_interaction = FALSE;
  if (!check_options (options, specs, error))
    return FALSE;
  g_variant_lookup (options, "no-interaction", "b", no_interaction);
  return TRUE;
}

/**
 * pf_note_settings_check:
 * @settings: an a{sv} from a caller: what shall be noted of a socket
 * @no_interaction: (out): fail at once where a person would have to be asked
 * @error: PF_ERROR_INVALID_ARGUMENT
 *
 * Returns: whether every key is known and of its type
 */
gboolean
pf_note_settings_check (GVariant *settings, gboolean *no_interaction, GError **error)
{
  return check_interaction (settings, note_specs, no_interaction, error);
}

/**
 * pf_try_options_check:
 * @options: an a{sv} from a caller: how a port shall be tried
 * @no_interaction: (out): fail at once where a person would have to be asked
 * @error: PF_ERROR_INVALID_ARGUMENT
 *
 * Returns: whether every key is known and of its type
 */
gboolean
pf_try_options_check (GVariant *options, gboolean *no_interaction, GError **error)
{
  return check_interaction (options, try_specs, no_interaction, error);
}

static gboolean
apply_texts (GVariant *settings, PfProfile *profile, GError **error)
{
  static const struct
  {
    const char *key;
    gboolean (*set) (PfProfile *profile, const char *value, GError **error);
  } setters[] = {
    { "label", pf_profile_set_label },
    { "icon", pf_profile_set_icon },
    { "side", pf_profile_set_side },
    { "vfio-user", pf_profile_set_vfio_user },
    { "vfio-group", pf_profile_set_vfio_group },
    { "qmp", pf_profile_set_qmp },
    { "libvirt-domain", pf_profile_set_libvirt_domain },
    { "libvirt-uri", pf_profile_set_libvirt_uri },
    { "confirm", pf_profile_set_confirm },
    { "on-vm-exit", pf_profile_set_on_vm_exit },
  };

  for (guint i = 0; i < G_N_ELEMENTS (setters); i++)
    {
      const char *value;

      if (g_variant_lookup (settings, setters[i].key, "&s", &value)
          && !setters[i].set (profile, value, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
apply_conduct (GVariant *settings, PfProfile *profile, GError **error)
{
  guint32 seconds;

  g_variant_lookup (settings, "super-speed-off", "b", &profile->super_speed_off);
  g_variant_lookup (settings, "guest-may-switch", "b", &profile->guest_may_switch);
  g_variant_lookup (settings, "lock-on-switch", "b", &profile->lock_on_switch);
  return !g_variant_lookup (settings, "confirm-seconds", "u", &seconds)
         || pf_profile_set_confirm_seconds (profile, seconds, error);
}

/**
 * pf_settings_apply:
 * @settings: an a{sv} that pf_settings_check() has passed
 * @profile: a profile to change; of no use after a failure
 * @board: the machine that it is for
 * @error: what the pf_profile_set_*() functions say
 *
 * Returns: whether each setting was good
 */
gboolean
pf_settings_apply (GVariant *settings, PfProfile *profile, const PfBoard *board, GError **error)
{
  g_autofree const char **controllers = NULL;
  g_autofree const char **ports = NULL;

  if (!apply_texts (settings, profile, error) || !apply_conduct (settings, profile, error))
    return FALSE;
  if (g_variant_lookup (settings, "controllers", "^a&s", &controllers)
      && !pf_profile_set_controllers (profile, board, controllers, error))
    return FALSE;
  if (g_variant_lookup (settings, "ports", "^a&s", &ports)
      && !pf_profile_set_ports (profile, board, ports, error))
    return FALSE;
  return pf_profile_check_guest (profile, error) && pf_profile_check_vm (profile, error);
}
