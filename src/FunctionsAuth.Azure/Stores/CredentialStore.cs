using Azure.Data.Tables;
using FunctionsAuth.Azure.Tables;
using FunctionsAuth.Protocol.Credentials;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Azure.Stores;

/// <summary>The credentials of a user in addition to the password. They are rows of one partition, so that one query finds all of them.</summary>
internal sealed class CredentialStore(TableSet tables) : ICredentialStore
{
    public static readonly TableDescription Credentials = new("Credentials") { IsCopied = true };

    private const string FactorsRow = "factors";
    private const string RecoveryCode = "RecoveryCodes";
    private const int HashLength = 32;

    private readonly Table rows = tables[Credentials];
    private readonly PasskeyStore passkeys = new(tables);

    public async Task<PersonCredentials> FindAsync(string subject, CancellationToken cancellation)
    {
        var found = await ListAsync(subject, null, cancellation);
        var holder = found.Find(PasskeyRows.IsHolder) is { } passkeys ? PasskeyRows.HolderOf(passkeys, subject) : null;
        return new PersonCredentials(found.Find(row => row.RowKey == FactorsRow) is { } factors ? FactorsOf(factors, subject) : new SecondFactors { Subject = subject })
        {
            PasskeyHolder = holder,
            Passkeys = [.. found.Where(row => PasskeyRows.IsPasskey(row) && holder?.Keys.Contains(PasskeyRows.KeyOf(row)) == true).Select(row => PasskeyRows.PasskeyOf(row, subject))],
        };
    }

    public async Task<WriteResult<SecondFactors>> TrySaveAsync(SecondFactors factors, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var write = await rows.TrySaveAsync(ToRow(factors), factors.Version);
        return new(write.Won, write.Row is null ? null : FactorsOf(write.Row, factors.Subject));
    }

    public async Task DeleteAsync(string subject, CancellationToken cancellation)
    {
        foreach (var row in await ListAsync(subject, [nameof(TableEntity.PartitionKey), nameof(TableEntity.RowKey)], cancellation))
        {
            // The row of the id is deleted first, because this row is needed to find it.
            if (PasskeyRows.IsPasskey(row))
                await passkeys.DeleteIdAsync(PasskeyRows.KeyOf(row));
            await rows.DeleteAsync(row.PartitionKey, row.RowKey);
        }
    }

    private Task<List<TableEntity>> ListAsync(string subject, IEnumerable<string>? columns, CancellationToken cancellation) =>
        rows.ListAsync(TableClient.CreateQueryFilter($"PartitionKey eq {KeyText.Of(subject)}"), columns, cancellation);

    private static TableEntity ToRow(SecondFactors factors)
    {
        var row = new TableEntity(KeyText.Of(factors.Subject), FactorsRow)
        {
            [RecoveryCode] = factors.RecoveryCodes.SelectMany(hash => hash).ToArray(),
            [nameof(SecondFactors.OfferedIn)] = factors.OfferedIn,
            [nameof(SecondFactors.GuessesUntil)] = factors.GuessesUntil,
            [nameof(SecondFactors.Locks)] = factors.Locks,
            [nameof(SecondFactors.DevicesValidFrom)] = factors.DevicesValidFrom,
        };
        Write(row, nameof(SecondFactors.Totp), factors.Totp);
        Write(row, nameof(SecondFactors.OfferedTotp), factors.OfferedTotp);
        return row;
    }

    private static SecondFactors FactorsOf(TableEntity row, string subject) => new()
    {
        Subject = subject,
        Totp = Totp(row, nameof(SecondFactors.Totp)),
        OfferedTotp = Totp(row, nameof(SecondFactors.OfferedTotp)),
        OfferedIn = row.GetString(nameof(SecondFactors.OfferedIn)),
        RecoveryCodes = [.. (row.GetBinary(RecoveryCode) ?? []).Chunk(HashLength)],
        GuessesUntil = row.GetDateTimeOffset(nameof(SecondFactors.GuessesUntil)),
        Locks = row.GetInt32(nameof(SecondFactors.Locks)) ?? 0,
        DevicesValidFrom = row.GetDateTimeOffset(nameof(SecondFactors.DevicesValidFrom)),
        Version = row.Version(),
    };

    private static void Write(TableEntity row, string name, TotpSecret? secret)
    {
        row[name] = secret?.Sealed;
        row[name + nameof(TotpSecret.LastStep)] = secret?.LastStep;
        row[name + nameof(TotpSecret.At)] = secret?.At;
    }

    private static TotpSecret? Totp(TableEntity row, string name) => row.GetBinary(name) is { } bytes
        ? new TotpSecret(bytes, row.GetInt64(name + nameof(TotpSecret.LastStep)) ?? 0, row.Moment(name + nameof(TotpSecret.At)))
        : null;
}
