using FunctionsAuth.Protocol.Keys;

namespace FunctionsAuth.LocalHost.Commands;

/// <summary>Creates and disables key versions, and prints the consequences.</summary>
internal sealed class KeyChanges(OperatorKeys keys, TextWriter output)
{
    /// <summary>Not in a reserve, because a version that is created there would not sign.</summary>
    public async Task RotateAsync(IReadOnlyList<SigningKeyType> types, CancellationToken cancellation)
    {
        foreach (var type in types)
        {
            foreach (var store in keys.Stores.Where(store => !store.IsReserve))
            {
                var before = await keys.ListAsync(type, cancellation);
                await keys.CreateAsync(store, type, before.Where(version => version.Store == store.Name).MaxBy(version => version.CreatedAt), cancellation);
                var after = await ReadAsync(type, cancellation);
                List<KeyLine> made = [.. after.Lines.Where(line => before.All(known => known.PublicKey.Kid != line.Version.PublicKey.Kid))];
                if (made.Count == 0)
                    throw new UsageException($"No version of the {KeyText.NameOf(type)} key was created in {store.Name}, because another one was created at the same time. Check with keys.");
                foreach (var line in made)
                    await output.WriteLineAsync($"{line.Version.PublicKey.Kid} is a new version of the {KeyText.NameOf(type)} key in {line.Version.Store}: {Describe(line)}.");
            }
        }
    }

    /// <exception cref="UsageException">There is no version with this kid, or nothing could be signed without it.</exception>
    public async Task DisableAsync(string kid, bool force, CancellationToken cancellation)
    {
        var (timeline, line) = await FindAsync(kid, cancellation);
        var without = timeline.Without(line.Version);
        if (!force && timeline.Signing.Any() && !without.Signing.Any())
            throw new UsageException(
                $"{kid} is the only usable version of the {KeyText.NameOf(timeline.Type)} key. If you disable it, the server cannot sign with {KeyText.SignedWith(timeline.Type)} until a new version exists. "
                + $"Create one first with `keys rotate {KeyText.OptionOf(timeline.Type)}`, or add --force.");
        foreach (var sentence in Consequences(timeline, line, without))
            await output.WriteLineAsync(sentence);
        await keys.DisableAsync(line.Version, cancellation);
        await output.WriteLineAsync("The version is disabled.");
    }

    private static string Describe(KeyLine line) => line switch
    {
        { Use: KeyUse.Signing } => $"it signs {KeyText.SignedWith(line.Version.PublicKey.Type)} at once, because no other version is usable",
        { Next: null } => KeyText.Name(line.Use),
        _ => $"{KeyText.Name(line.Use)}, and {KeyText.NextOf(line)}",
    };

    private IEnumerable<string> Consequences(KeyTimeline timeline, KeyLine line, KeyTimeline without)
    {
        yield return $"{line.Version.PublicKey.Kid} is a version of the {KeyText.NameOf(timeline.Type)} key in {line.Version.Store}: {KeyText.Name(line.Use)} since {KeyText.Moment(line.Since)}.";
        if (line.Use != KeyUse.Signing)
            yield return "The versions that sign stay the same.";
        else if (!without.Signing.Any())
            yield return $"The server cannot sign with {KeyText.SignedWith(timeline.Type)} until a new version exists.";
        else
        {
            foreach (var sentence in without.Signing.Select(Successor))
                yield return sentence;
        }
        yield return line.Use switch
        {
            KeyUse.Retired => "No valid token was signed with it.",
            KeyUse.Announced => "No valid token was signed with it since then.",
            _ => $"Tokens that it signed will be refused: by the server within Keys:RefreshEvery ({keys.Options.Keys.RefreshEvery:c}), "
                + $"by others when they read the JWKS again, within Keys:JwksMaxAge ({keys.Options.Keys.JwksMaxAge:c}) after that.",
        };
    }

    private string Successor(KeyVersion next)
    {
        var sentence = $"Then {next.PublicKey.Kid} in {next.Store} signs, known since {KeyText.Moment(next.KnownFrom)}";
        var announced = next.KnownFrom + keys.Rules.Announce;
        return announced <= keys.Now ? $"{sentence}." : $"{sentence}. This is a short time: clients that have not read the JWKS since then may refuse its tokens, until {KeyText.Moment(announced)} at the latest.";
    }

    private async Task<(KeyTimeline Timeline, KeyLine Line)> FindAsync(string kid, CancellationToken cancellation)
    {
        foreach (var type in Enum.GetValues<SigningKeyType>())
        {
            var timeline = await ReadAsync(type, cancellation);
            if (timeline.Lines.FirstOrDefault(line => line.Version.PublicKey.Kid == kid) is { } found)
                return (timeline, found);
        }
        throw new UsageException($"No enabled version in {string.Join(" or ", keys.Stores.Select(store => store.Name))} has the kid {kid}.");
    }

    private async Task<KeyTimeline> ReadAsync(SigningKeyType type, CancellationToken cancellation) =>
        new(type, await keys.ListAsync(type, cancellation), keys.Rules, keys.Now);
}
