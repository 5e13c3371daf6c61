using Azure.Data.Tables;
using FunctionsAuth.Protocol.Keys;

namespace FunctionsAuth.Storage.Tests;

public abstract partial class WrappedKeysSuite
{
    private static readonly string[] Sealed = ["PublicKey", "Encrypted", "WrappedKey", "WrappingVersion", "CreatedAt"];

    [StorageFact]
    public Task No_EC_row_opens_with_any_byte_changed() => TamperAsync(SigningKeyType.Ec, every: 1);

    // Its columns are as those of an EC row, only longer.
    [StorageFact]
    public Task No_RSA_row_opens_with_a_byte_changed() => TamperAsync(SigningKeyType.Rsa, every: 16);

    [StorageFact]
    public async Task No_row_opens_that_is_cut_or_lacks_a_column()
    {
        var instance = await StartAsync();
        var row = (await RowsAsync(SigningKeyType.Ec)).Single();
        var version = (await instance.RefreshAsync(SigningKeyType.Ec)).Single();
        foreach (var column in Sealed.Where(column => column != "CreatedAt"))
        {
            foreach (var length in (int[])[0, 1, 12, 27, 28])
            {
                await WriteAsync(row, (column, row[column] is byte[] bytes ? bytes[..length] : ((string)row[column])[..length]));
                await ShouldNotOpenAsync(instance, version, $"{column} cut to {length}");
            }
            var without = new TableEntity(row);
            without.Remove(column);
            await Table.UpsertEntityAsync(without, TableUpdateMode.Replace);
            await ShouldNotOpenAsync(instance, version, $"without {column}");
        }
        await WriteAsync(row);
        await instance.SignAsync(version);
    }

    [StorageFact]
    public async Task No_row_opens_with_columns_of_another_one()
    {
        var instance = await StartAsync();
        var other = await AddVersionAsync(instance, SigningKeyType.Ec);
        var row = (await RowsAsync(SigningKeyType.Ec))[0];
        var version = (await instance.RefreshAsync(SigningKeyType.Ec)).Single(v => v.Id == row.RowKey);
        // Each choice of columns but none: all of them, too.
        for (var choice = 1; choice < 1 << Sealed.Length; choice++)
        {
            var moved = Sealed.Where((_, i) => (choice & (1 << i)) != 0).Where(column => !Equals(row[column], other[column])).ToList();
            if (moved.Count == 0)
                continue;
            await WriteAsync(row, [.. moved.Select(column => (column, other[column]))]);
            await ShouldNotOpenAsync(instance, version, $"with {string.Join(", ", moved)} of another row");
        }
    }

    [StorageFact]
    public async Task No_row_opens_under_the_name_of_another_type()
    {
        var instance = await StartAsync();
        var row = (await RowsAsync(SigningKeyType.Ec)).Single();
        var moved = new TableEntity(row) { PartitionKey = nameof(SigningKeyType.Rsa), RowKey = "00000002" };
        await Table.UpsertEntityAsync(moved, TableUpdateMode.Replace);
        await Assert.ThrowsAsync<KeyStoreException>(() => instance.RefreshAsync(SigningKeyType.Rsa));
    }

    [StorageFact]
    public async Task When_rows_change_places_nothing_is_signed_with_the_key_of_the_other_one()
    {
        var (opened, later) = (await StartAsync(), await StartAsync());
        await AddVersionAsync(opened, SigningKeyType.Ec);
        foreach (var version in await opened.RefreshAsync(SigningKeyType.Ec))
            await opened.SignAsync(version);
        var rows = await RowsAsync(SigningKeyType.Ec);
        await WriteAsync(rows[0], [.. Sealed.Select(column => (column, rows[1][column]))]);
        await WriteAsync(rows[1], [.. Sealed.Select(column => (column, rows[0][column]))]);
        foreach (var version in await opened.RefreshAsync(SigningKeyType.Ec))
        {
            await opened.SignAsync(version);
            await Assert.ThrowsAsync<KeyStoreException>(() => later.SignAsync(version));
        }
    }

    [StorageFact]
    public async Task When_the_rows_were_deleted_and_made_anew_an_instance_signs_with_the_new_keys()
    {
        var instance = await StartAsync();
        var old = (await instance.RefreshAsync(SigningKeyType.Ec)).Single();
        await instance.SignAsync(old);
        await Table.DeleteEntityAsync(nameof(SigningKeyType.Ec), old.Id);
        await StartAsync();
        var anew = (await instance.RefreshAsync(SigningKeyType.Ec)).Single();
        Assert.NotEqual(old.PublicKey.Kid, anew.PublicKey.Kid);
        await instance.SignAsync(anew);
    }

    [StorageFact]
    public async Task When_the_wrapping_key_rotates_old_rows_still_open_and_new_ones_use_the_new_version()
    {
        var maker = await StartAsync();
        var old = (await RowsAsync(SigningKeyType.Ec)).Single();
        Clock.Advance(TimeSpan.FromMinutes(1));
        var rotated = (await vault.RotateKeyAsync(WrappedKeysVault.WrappingKey)).Value.Properties.Version;
        var added = await AddVersionAsync(maker, SigningKeyType.Ec);
        Assert.NotEqual(rotated, old.GetString("WrappingVersion"));
        Assert.Equal(rotated, added.GetString("WrappingVersion"));
        var (opened, later) = (await StartAsync(), await StartAsync());
        foreach (var version in await opened.RefreshAsync(SigningKeyType.Ec))
            await opened.SignAsync(version);

        // Without the old version of the wrapping key its rows are shut for whoever has not opened them.
        var wrapping = (await vault.GetKeyAsync(WrappedKeysVault.WrappingKey, old.GetString("WrappingVersion"))).Value.Properties;
        wrapping.Enabled = false;
        await vault.UpdateKeyPropertiesAsync(wrapping);
        foreach (var version in await later.RefreshAsync(SigningKeyType.Ec))
        {
            await opened.SignAsync(version);
            if (version.Id == added.RowKey)
                await later.SignAsync(version);
            else
                await Assert.ThrowsAsync<KeyStoreException>(() => later.SignAsync(version));
        }
    }

    private async Task TamperAsync(SigningKeyType type, int every)
    {
        var instance = await StartAsync();
        var row = (await RowsAsync(type)).Single();
        var version = (await instance.RefreshAsync(type)).Single();
        foreach (var column in Sealed)
        {
            foreach (var (changed, what) in Changes(row[column], every))
            {
                await WriteAsync(row, (column, changed));
                await ShouldNotOpenAsync(instance, version, $"{column}, {what} changed");
            }
        }
        // What was not tampered with does open.
        await WriteAsync(row);
        await instance.SignAsync(version);
    }

    private static IEnumerable<(object Changed, string What)> Changes(object value, int every)
    {
        if (value is DateTimeOffset moment)
        {
            foreach (var by in (TimeSpan[])[TimeSpan.FromTicks(1), TimeSpan.FromDays(1), TimeSpan.FromDays(-1)])
                yield return (moment + by, $"{by}");
            yield break;
        }
        var length = value is byte[] all ? all.Length : ((string)value).Length;
        for (var at = 0; at < length; at += every)
        {
            if (value is byte[] bytes)
            {
                byte[] changed = [.. bytes];
                changed[at] ^= (byte)(1 << (at % 8));
                yield return (changed, $"byte {at}");
            }
            else
            {
                var text = ((string)value).ToCharArray();
                text[at] = text[at] == 'a' ? 'b' : 'a';
                yield return (new string(text), $"character {at}");
            }
        }
    }

    /// <summary>Neither the version as it was known before, nor as the row now says.</summary>
    private static async Task ShouldNotOpenAsync(WrappedKeysInstance instance, KeyVersion before, string what)
    {
        await ShouldRefuseAsync(before);
        IReadOnlyList<KeyVersion> listed = [];
        try
        {
            listed = await instance.Keys.ListAsync(before.PublicKey.Type, CancellationToken.None);
        }
        catch (Exception e) when (e is not NullReferenceException)
        {
            // It can't even be listed.
        }
        foreach (var version in listed.Where(version => version.Id == before.Id))
            await ShouldRefuseAsync(version);

        async Task ShouldRefuseAsync(KeyVersion version)
        {
            var failure = await Record.ExceptionAsync(() => instance.SignAsync(version));
            Assert.True(failure is KeyStoreException { Failure: KeyStoreFailure.Refused }, $"The row opens, or fails otherwise than as a refusal, with {what}: {failure}");
        }
    }
}
