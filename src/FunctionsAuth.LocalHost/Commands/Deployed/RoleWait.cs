using System.Diagnostics;
using Azure;

namespace FunctionsAuth.LocalHost.Commands.Deployed;

/// <summary>Waits for a role that was just assigned. It takes minutes until a storage account accepts it.</summary>
internal static class RoleWait
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    /// <param name="isOn">False tries once.</param>
    /// <exception cref="RequestFailedException">It is refused for another reason, or still refused after ten minutes.</exception>
    public static async Task<T> RunAsync<T>(bool isOn, Func<Task<T>> action, CancellationToken cancellation)
    {
        var waited = Stopwatch.StartNew();
        for (var isFirst = true; ; isFirst = false)
        {
            try
            {
                return await action();
            }
            catch (RequestFailedException e) when (isOn && IsMissingRole(e) && waited.Elapsed < Longest)
            {
                if (isFirst)
                    await Console.Error.WriteLineAsync("The storage account does not accept your role yet. Waiting for at most ten minutes.");
                await Task.Delay(Pause, cancellation);
            }
        }
    }

    /// <summary>A firewall refuses with AuthorizationFailure, and waiting does not help.</summary>
    private static bool IsMissingRole(RequestFailedException refusal) => refusal is { Status: 403, ErrorCode: "AuthorizationPermissionMismatch" };
}
