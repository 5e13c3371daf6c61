using FunctionsAuth.Bench.Flows;
using FunctionsAuth.Bench.Load;
using FunctionsAuth.Bench.Targets;

namespace FunctionsAuth.Bench.Reports;

/// <summary>What a login costs the server, with a password and with a passkey, in rounds that take turns.</summary>
internal static class LoginReport
{
    // The server hashes as many passwords at once as it has cores.
    private const int Connections = 2;

    private const int CountedLogins = 40;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);

    public static async Task WriteAsync(Report report, Effort effort)
    {
        // Who has a passkey may be asked for it after the password, so each person has a server of their own.
        using var passwords = await Target.FunctionsAuthAsync();
        using var passkeys = await Target.FunctionsAuthAsync();
        var byPassword = Scripts(await Site.OpenAsync(passwords.Port), null);
        var byPasskey = Scripts(await Site.OpenAsync(passkeys.Port), await passkeys.AddPasskeyAsync());
        await Measurement.TakeAsync(passwords, byPassword, WarmUp);
        await Measurement.TakeAsync(passkeys, byPasskey, WarmUp);
        List<(double Password, double Passkey)> rounds = [];
        for (var i = 0; i < effort.Rounds; i++)
            rounds.Add(((await Measurement.TakeAsync(passwords, byPassword, effort.Duration)).ProcessorMicroseconds, (await Measurement.TakeAsync(passkeys, byPasskey, effort.Duration)).ProcessorMicroseconds));
        var (plain, proven) = (await Cost.TakeAsync(passwords, byPassword[0], CountedLogins), await Cost.TakeAsync(passkeys, byPasskey[0], CountedLogins));

        report.Heading("A login");
        report.Paragraph("An authorization request, the login page and its form together.");
        report.Row("a login", "password", "passkey", "password, times passkey");
        report.Row("---", "---:", "---:", "---:");
        report.Row(
            "CPU µs of the server", $"{new Spread(rounds.Select(round => round.Password)).Median:N0}", $"{new Spread(rounds.Select(round => round.Passkey)).Median:N0}",
            Report.Ratio(new Spread(rounds.Select(round => round.Password / round.Passkey))));
        Row("allocated KB", cost => cost.AllocatedBytes / 1024);
        Row("storage operations", cost => cost.StorageOperations);
        Row("signatures", cost => cost.Signatures);
        report.EndTable();

        void Row(string name, Func<Cost, double> figure) => report.Row(name, $"{LoginScript.Requests * figure(plain):0.##}", $"{LoginScript.Requests * figure(proven):0.##}", "");
    }

    private static IReadOnlyList<IScript> Scripts(Site site, StoredPasskey? passkey) => [.. Enumerable.Range(0, Connections).Select(_ => new LoginScript(site, passkey))];
}
