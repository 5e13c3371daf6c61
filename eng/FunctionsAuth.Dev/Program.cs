using System.Runtime.InteropServices;
using FunctionsAuth.Dev.Tools;

namespace FunctionsAuth.Dev;

/// <summary>Builds, runs and tests FunctionsAuth, the same on Linux, macOS and Windows. dev.cs calls it.</summary>
public static class Program
{
    /// <returns>The exit code: 0 for success, 1 for a failure, 2 for a problem that the user must correct, 130 for an interrupted command.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        using var stopping = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
        try
        {
            return await CommandLine.RunAsync(args, stopping.Token);
        }
        catch (Problem problem)
        {
            await Console.Error.WriteLineAsync(problem.Message);
            return problem.ExitCode;
        }
        catch (OperationCanceledException)
        {
            return 130;
        }
        finally
        {
            Child.StopAll();
        }

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true; // the command stops its children first
            stopping.Cancel();
        }
    }
}
