@echo off
chcp 65001 >nul
where py >nul 2>nul
if errorlevel 1 (
  echo Can Python 3.11 tro len, tai tu python.org. / Python 3.11 or newer is needed, from python.org.
  pause
  exit /b 2
)
py -3 "%~dp0run.py" %*
if errorlevel 1 pause
