; SPDX-License-Identifier: GPL-3.0-or-later
; Keys for portferry.ps1, which has to be in the same folder. For AutoHotkey v2.
;   Ctrl+Alt+Home    everything back to the host
;   Ctrl+Alt+Insert  toggle
;   Ctrl+Alt+End     what is in force; asks whether to keep a switch that would go back by itself
; Another serial port than COM1: set it here.
#Requires AutoHotkey v2.0
#SingleInstance Force

portferryPort := "COM1"

^!Home::Portferry("home")
^!Insert::Portferry("toggle")
^!End::Portferry("status")

; Asks the host, and shows the answer beside the clock.
Portferry(command) {
    answer := PortferryAsk(command)
    if InStr(answer, "unless you confirm") {
        if MsgBox(answer . "`n`nKeep it?", "Portferry", "YesNo Icon? T15") = "Yes"
            answer := PortferryAsk("confirm")
    }
    TrayTip(answer, "Portferry")
}

; Returns what the host answered, in a sentence.
PortferryAsk(command) {
    global portferryPort
    answerFile := A_Temp . "\portferry-" . A_TickCount . ".txt"
    line := 'powershell.exe -NoProfile -NonInteractive -ExecutionPolicy Bypass -WindowStyle Hidden -File "'
        . A_ScriptDir . '\portferry.ps1" ' . command . ' -Port ' . portferryPort . ' -AnswerFile "' . answerFile . '"'
    try {
        RunWait(line, A_ScriptDir, "Hide")
        ; .NET writes UTF-8; what AutoHotkey takes for granted is the machine's own code page.
        answer := FileRead(answerFile, "UTF-8")
        FileDelete(answerFile)
    } catch as failure {
        answer := "portferry.ps1 could not be run: " . failure.Message
    }
    return answer
}
