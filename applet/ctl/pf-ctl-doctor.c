/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "pf-ctl-json.h"
#include "pf-ctl.h"
#include "pf-doctor-ask.h"
#include "pf-doctor-report.h"
#include "pf-doctor.h"

static PfDoctorFacts *
ask (PfCtl *ctl, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  pf_doctor_ask_async (ctl->client, pf_ctl_store_result, &result);
  pf_ctl_await (&result);
  return pf_doctor_ask_finish (ctl->client, result, error);
}

/* --- doctor --- */

static void
print_json (GPtrArray *findings)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();

  json_builder_begin_array (json);
  for (guint i = 0; i < findings->len; i++)
    {
      const PfDoctorFinding *finding = g_ptr_array_index (findings, i);

      json_builder_begin_object (json);
      pf_ctl_json_add_string (json, "code", finding->code);
      pf_ctl_json_add_string (json, "state", pf_doctor_state_get_name (finding->state));
      pf_ctl_json_add_string (json, "what", finding->what);
      pf_ctl_json_add_string (json, "meaning", finding->meaning);
      pf_ctl_json_add_string (json, "advice", finding->advice);
      json_builder_end_object (json);
    }
  json_builder_end_array (json);
  pf_ctl_json_print (json, TRUE);
}

/* What a finding means may be a list, an item to a line. */
static void
print_lines (const PfCtl *ctl, const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    pf_ctl_screen_say (&ctl->screen, 4, PF_CTL_STYLE_FAINT, "%s", lines[i]);
}

static void
print_text (const PfCtl *ctl, GPtrArray *findings)
{
  static const PfCtlStyle styles[] = {
    [PF_DOCTOR_OK] = PF_CTL_STYLE_PLAIN,
    [PF_DOCTOR_HINT] = PF_CTL_STYLE_PLAIN,
    [PF_DOCTOR_WARNING] = PF_CTL_STYLE_GUEST,
    [PF_DOCTOR_PROBLEM] = PF_CTL_STYLE_PROBLEM,
  };

  for (guint i = 0; i < findings->len; i++)
    {
      const PfDoctorFinding *finding = g_ptr_array_index (findings, i);

      pf_ctl_screen_say (&ctl->screen, 0, styles[finding->state], "%s %s: %s",
                         pf_doctor_state_get_symbol (finding->state),
                         pf_doctor_state_get_word (finding->state), finding->what);
      print_lines (ctl, finding->meaning);
      if (finding->advice != NULL)
        pf_ctl_screen_say (&ctl->screen, 4, PF_CTL_STYLE_PLAIN, _ ("→ %s"), finding->advice);
    }
}

/* What is found is the answer; that something is wrong is told by the exit code besides. */
static gboolean
run_doctor (PfCtl *ctl, char **arguments, GError **error)
{
  g_autoptr (PfDoctorFacts) facts = ask (ctl, error);
  g_autoptr (GPtrArray) findings = facts != NULL ? pf_doctor_examine (facts) : NULL;

  if (findings == NULL)
    return FALSE;
  if (ctl->json)
    print_json (findings);
  else
    print_text (ctl, findings);
  if (pf_doctor_get_worst (findings) < PF_DOCTOR_PROBLEM)
    return TRUE;
  ctl->reported = TRUE;
  g_set_error_literal (error, PF_ERROR, PF_ERROR_FAILED, _ ("There is a problem."));
  return FALSE;
}

const PfCtlCommand pf_ctl_command_doctor = {
  .name = "doctor",
  .summary = N_ ("Say what stands in the way of lending, and what to do about it"),
  .details = N_ ("The exit code is 1 where something is marked as a problem."),
  .run = run_doctor,
};

/* --- report --- */

static gboolean
write_report (const char *path, const char *text, GError **error)
{
  g_autoptr (GError) wrong = NULL;
  GStatBuf status;

  /* A file is put in the place of what is there; of a device, that would be the end. */
  if (g_lstat (path, &status) == 0 && !S_ISREG (status.st_mode))
    {
      g_set_error (error, PF_ERROR, PF_ERROR_FAILED,
                   _ ("The report could not be written: “%s” is no ordinary file. Choose another name."), path);
      return FALSE;
    }
  if (g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0644, &wrong))
    return TRUE;
  g_set_error (error, PF_ERROR, PF_ERROR_FAILED, _ ("The report could not be written: %s"), wrong->message);
  return FALSE;
}

static void
print_report_json (const char *file, const char *text)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();

  json_builder_begin_object (json);
  pf_ctl_json_add_string (json, "file", file);
  pf_ctl_json_add_string (json, "report", text);
  json_builder_end_object (json);
  pf_ctl_json_print (json, TRUE);
}

static gboolean
run_report (PfCtl *ctl, char **arguments, GError **error)
{
  g_autoptr (PfDoctorFacts) facts = ask (ctl, error);
  g_autoptr (GPtrArray) findings = facts != NULL ? pf_doctor_examine (facts) : NULL;
  g_autofree char *text = NULL;

  if (findings == NULL)
    return FALSE;
  text = pf_doctor_report_build ("/", facts, findings);
  if (arguments[0] != NULL && !write_report (arguments[0], text, error))
    return FALSE;
  if (ctl->json)
    print_report_json (arguments[0], text);
  else if (arguments[0] == NULL)
    fputs (text, stdout);
  else
    pf_ctl_screen_say (
        &ctl->screen, 0, PF_CTL_STYLE_PLAIN,
        _ ("Written to %s: the controllers, what is plugged in, and what the doctor found. Serial "
           "numbers, MAC addresses, host and user names have been left out; look at it before you "
           "send it."),
        arguments[0]);
  return TRUE;
}

const PfCtlCommand pf_ctl_command_report = {
  .name = "report",
  .arguments = "[FILE]",
  .summary = N_ ("Write down this machine for a bug report"),
  .details = N_ ("Without a file, the report is printed."),
  .max_arguments = 1,
  .run = run_report,
};
