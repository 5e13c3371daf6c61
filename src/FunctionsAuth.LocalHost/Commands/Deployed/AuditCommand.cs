using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Users;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsAuth.LocalHost.Commands.Deployed;

/// <summary>Shows the events of users, clients and operators, and the reasons of failures.</summary>
internal static class AuditCommand
{
    private static readonly TimeSpan LongestSince = TimeSpan.FromDays(3650);

    private static readonly Option<string> Since = new("--since") { Description = "How far to look back, such as 30m, 12h or 7d", DefaultValueFactory = _ => "1h" };
    private static readonly Option<string?> User = new("--user") { Description = "Only events of this user: the username, or the verified email address" };
    private static readonly Option<string?> Client = new("--client") { Description = "Only events of this client" };
    private static readonly Option<string?> Event = new("--event") { Description = "Only events of this kind, such as sign-in-failed" };
    private static readonly Option<int> Most = new("--most") { Description = "The largest number of events to show, newest first", DefaultValueFactory = _ => 100 };
    private static readonly Option<bool> Json = new("--json") { Description = "Print one JSON object per line, for scripts" };

    private static readonly JsonSerializerOptions JsonOptions = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    public static Command Create()
    {
        var command = new Command("audit", "Show the events of users, clients and operators, and the reasons of failures") { DeployedServer.Storage, DeployedServer.TablePrefix, Since, User, Client, Event, Most, Json };
        command.SetAction((arguments, cancellation) => Failures.TellAsync(() => RunAsync(arguments, cancellation)));
        return command;
    }

    private static async Task RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        var since = SpanOf(arguments.GetRequiredValue(Since));
        var kind = arguments.GetValue(Event) is { } name ? KindOf(name) : (AuditKind?)null;
        if (arguments.GetValue(Most) is not (> 0 and <= 10_000) and var most)
            throw new UsageException($"--most must be from 1 to 10000; it is {most}.");
        await using var app = DeployedServer.Open(arguments);
        var now = app.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        var query = new AuditQuery(now - since, now, arguments.GetValue(Most))
        {
            Subject = await SubjectOfAsync(arguments.GetValue(User), app.Services.GetRequiredService<IUserStore>(), cancellation),
            ClientId = arguments.GetValue(Client),
            Kind = kind,
        };
        var events = await app.Services.GetRequiredService<IAuditStore>().FindAsync(query, cancellation);
        foreach (var entry in events.Reverse())
            Console.WriteLine(arguments.GetValue(Json) ? JsonSerializer.Serialize(entry, JsonOptions) : LineOf(entry));
        if (events.Count == 0)
            await Console.Error.WriteLineAsync("No events were found. Use --since to look further back.");
    }

    private static string LineOf(AuditEvent entry)
    {
        IEnumerable<string?> facts =
        [
            entry.Subject ?? (entry.Kind == AuditKind.SignInFailed ? "(no user has this name)" : null),
            entry.ClientId is { } client ? $"client {client}" : null,
            DetailOf(entry),
            entry.Actor is AuditActor.Operator or AuditActor.Server ? $"by {entry.By ?? entry.Actor.ToString().ToLowerInvariant()}" : null,
            entry.Network is { } network ? $"from {network}" : null,
            entry.Browser,
            entry.Country,
        ];
        return $"{KeyText.Moment(entry.At)}  {NameOf(entry.Kind),-25}  {string.Join(" | ", facts.OfType<string>())}";
    }

    private static string? DetailOf(AuditEvent entry) => entry.Detail switch
    {
        nameof(SignInFailure.WrongNameOrPassword) => entry.Subject is null ? null : "the password is wrong",
        nameof(SignInFailure.Throttled) => "there were too many wrong passwords, so this password was not checked",
        nameof(SignInFailure.Disabled) => "the account is disabled",
        nameof(SignInFailure.WrongCode) => "the password is right, but the code is wrong or was used before",
        nameof(SignInFailure.ThrottledCode) => "the password is right, but there were too many wrong codes, so this code was not checked",
        nameof(SignInFailure.WrongPasskey) => "the passkey was refused",
        var other => other,
    };

    private static string NameOf(AuditKind kind) => JsonNamingPolicy.KebabCaseLower.ConvertName(kind.ToString());

    private static AuditKind KindOf(string name)
    {
        var kinds = Enum.GetValues<AuditKind>();
        var index = Array.FindIndex(kinds, kind => NameOf(kind) == name);
        return index >= 0 ? kinds[index] : throw new UsageException($"--event must be one of {string.Join(", ", kinds.Select(NameOf))}.");
    }

    private static TimeSpan SpanOf(string text)
    {
        var unit = text.Length > 1 ? text[^1] switch { 'm' => TimeSpan.FromMinutes(1), 'h' => TimeSpan.FromHours(1), 'd' => TimeSpan.FromDays(1), _ => TimeSpan.Zero } : TimeSpan.Zero;
        return unit > TimeSpan.Zero && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0 && count <= LongestSince / unit
            ? count * unit
            : throw new UsageException("--since must be a number of minutes, hours or days, such as 30m, 12h or 7d, at most 3650d.");
    }

    private static async Task<string?> SubjectOfAsync(string? name, IUserStore users, CancellationToken cancellation) =>
        name is null ? null : await users.FindSubjectAsync(name, cancellation) ?? throw new UsageException($"There is no user {name}.");
}
