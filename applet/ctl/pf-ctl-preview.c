/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "pf-ctl-json.h"
#include "pf-ctl-words.h"
#include "pf-ctl.h"

/* The answer of Preview. */
typedef struct
{
  char **steps;
  GVariant *moves;
  GVariant *objections;
} Preview;

static void
preview_clear (Preview *preview)
{
  g_strfreev (preview->steps);
  g_clear_pointer (&preview->moves, g_variant_unref);
  g_clear_pointer (&preview->objections, g_variant_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Preview, preview_clear)

static void
print_steps (const PfCtl *ctl, char **steps)
{
  pf_ctl_screen_say (&ctl->screen, 0, PF_CTL_STYLE_HEADING, _ ("Steps:"));
  for (guint i = 0; steps[i] != NULL; i++)
    pf_ctl_screen_say (&ctl->screen, 2, PF_CTL_STYLE_PLAIN, "%u. %s", i + 1, steps[i]);
}

static void
print_preview (const PfCtl *ctl, const char *id, const Preview *preview)
{
  g_autofree char *profile = pf_ctl_words_describe_profile (ctl->client, id);

  if (preview->steps[0] != NULL)
    print_steps (ctl, preview->steps);
  else if (!pf_ctl_words_speak_against (preview->objections)) /* else there is no plan at all */
    pf_ctl_screen_say (&ctl->screen, 0, PF_CTL_STYLE_PLAIN, _ ("Nothing would have to be done for %s."),
                       profile);
  if (g_variant_n_children (preview->moves) > 0)
    {
      pf_ctl_screen_say (&ctl->screen, 0, PF_CTL_STYLE_HEADING, _ ("Changes hands:"));
      pf_ctl_words_print_moves (ctl, preview->moves, 2);
    }
  if (pf_ctl_words_speak_against (preview->objections))
    {
      pf_ctl_screen_say (&ctl->screen, 0, PF_CTL_STYLE_HEADING, _ ("Speaks against it:"));
      pf_ctl_words_print_objections (&ctl->screen, preview->objections, 2);
    }
  pf_ctl_words_print_notes (&ctl->screen, preview->objections);
}

static void
print_preview_json (const Preview *preview)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();

  json_builder_begin_object (json);
  json_builder_set_member_name (json, "steps");
  pf_ctl_json_add_strv (json, (const char *const *) preview->steps);
  json_builder_set_member_name (json, "moves");
  pf_ctl_json_add_moves (json, preview->moves);
  json_builder_set_member_name (json, "objections");
  pf_ctl_json_add_objections (json, preview->objections);
  json_builder_end_object (json);
  pf_ctl_json_print (json, TRUE);
}

static gboolean
run_preview (PfCtl *ctl, char **arguments, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_auto (Preview) preview = { 0 };

  if (!pf_ctl_wake (ctl, error))
    return FALSE;
  pf_client_preview_async (ctl->client, arguments[0], NULL, pf_ctl_store_result, &result);
  pf_ctl_await (&result);
  if (!pf_client_preview_finish (ctl->client, result, &preview.steps, &preview.moves, &preview.objections,
                                 error))
    return FALSE;
  if (ctl->json)
    print_preview_json (&preview);
  else
    print_preview (ctl, arguments[0], &preview);
  return TRUE;
}

const PfCtlCommand pf_ctl_command_preview = {
  .name = "preview",
  .arguments = "ID",
  .summary = N_ ("Show what a switch would do, and what speaks against it"),
  .details = N_ ("Changes nothing. The exit code is 0 also when something speaks against the switch."),
  .min_arguments = 1,
  .max_arguments = 1,
  .run = run_preview,
};
