using Azure;
using Azure.Identity;
using FunctionsAuth.Azure;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Import;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.LocalHost.Commands;

/// <summary>An error that the user of the command can correct. The message is a sentence.</summary>
internal sealed class UsageException(string message) : Exception(message);

internal static class Failures
{
    private const int Ok = 0;
    private const int Usage = 2;
    private const int Forbidden = 403;

    /// <summary>Runs a command. An error that the user can correct is written as a sentence to standard error, with exit code 2.</summary>
    public static Task<int> TellAsync(Func<Task> command) => TellAsync(async () =>
    {
        await command();
        return Ok;
    });

    /// <summary>The same for a command that can fail without an error, with its own exit code.</summary>
    public static async Task<int> TellAsync(Func<Task<int>> command)
    {
        try
        {
            return await command();
        }
        catch (Exception e) when (e is UsageException or SettingsException or ImportException or InvalidDataException or LastAdministratorException)
        {
            await Console.Error.WriteLineAsync(e.Message);
        }
        catch (RequestFailedException e)
        {
            var advice = e.Status == Forbidden ? ": its access key is wrong, or you do not have the role Storage Table Data Contributor" : "";
            await Console.Error.WriteLineAsync($"The storage account refused the request{advice}. {ReasonOf(e)}");
        }
        catch (Exception e) when (e is TemporarilyUnavailableException or FormatException)
        {
            await Console.Error.WriteLineAsync($"{e.Message}. {(e.InnerException is { } cause ? ReasonOf(cause) : "")}".TrimEnd());
        }
        return Usage;
    }

    /// <summary>The cause of the failure of a service, as a sentence.</summary>
    public static string ReasonOf(Exception failure)
    {
        var cause = CauseOf(failure);
        // The SDK adds headers, links and advice below the first line.
        var sentence = cause.Message.Split('\n')[0].TrimEnd();
        return cause switch
        {
            AuthenticationFailedException => "There is no Azure credential on this machine. Sign in with `az login`.",
            RequestFailedException { Status: > 0 } refusal => $"{sentence.TrimEnd('.')} ({refusal.Status} {refusal.ErrorCode}).",
            _ => sentence,
        };
    }

    private static Exception CauseOf(Exception failure) => failure switch
    {
        TemporarilyUnavailableException { InnerException: { } inner } => CauseOf(inner),
        // Each retry of the SDK adds the same exception.
        AggregateException { InnerExceptions: [.., var last] } => CauseOf(last),
        _ => failure,
    };

    public static async Task<string> ReadFileAsync(FileInfo file, CancellationToken cancellation)
    {
        try
        {
            return await File.ReadAllTextAsync(file.FullName, cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The file {file.FullName} can't be read: {e.Message}");
        }
    }
}
